using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>What the guiders of a pipeline make of one of its steps: behind every evaluation of the network, m from all the outputs that they ask for.</summary>
/// <param name="Combiner">What puts u and c together; null: c alone.</param>
/// <param name="Perturbed">Perturbed-attention guidance, where it acts.</param>
/// <param name="Worse">Autoguidance, where it acts.</param>
/// <param name="IsZero">Whether the prediction is 0 whatever the network would say.</param>
internal sealed record GuidanceRules(Guider? Combiner, PerturbedAttentionGuidance? Perturbed, AutoGuidance? Worse, bool IsZero)
{
    /// <summary>What acts at a step.</summary>
    /// <param name="guiders">The pipeline's guiders.</param>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">The number of steps.</param>
    public static GuidanceRules At(IReadOnlyCollection<Guider> guiders, int step, int steps)
    {
        var acting = guiders.Where(guider => guider.ActsAt(step, steps)).ToArray();
        return new GuidanceRules(
            acting.FirstOrDefault(guider => guider.CombinesConditions),
            acting.OfType<PerturbedAttentionGuidance>().FirstOrDefault(),
            acting.OfType<AutoGuidance>().FirstOrDefault(),
            guiders.OfType<ZeroStarGuidance>().Any(zero => step < zero.ZeroSteps));
    }

    /// <summary>The step with guidance in it.</summary>
    /// <param name="step">A row of the sampler's table.</param>
    public Step Guided(Step step)
    {
        if (this is { Combiner: null, Perturbed: null, Worse: null, IsZero: false })
        {
            return step;
        }

        var guided = step with { Ops = step.Ops.SelectMany(op => op is EvaluateOp evaluate ? IsZero ? Zero(evaluate) : Guided(evaluate) : [op]).ToEquatableArray() };
        return !IsZero && Combiner is PlusPlusGuidance ? Renoised(guided) : guided;
    }

    /// <summary>m = 0; a variance that is learned is still asked for.</summary>
    private static StepOp[] Zero(EvaluateOp evaluate) =>
    [
        evaluate.SplitVariance ? evaluate : evaluate with { Outputs = default },
        AffineOp.Of(Register.M.At(evaluate.Stage), new Term(Register.X, 0)),
    ];

    private IEnumerable<StepOp> Guided(EvaluateOp evaluate)
    {
        var stage = evaluate.Stage;
        var (u, c) = (Register.U.At(stage), Register.C.At(stage));
        var (before, first, weight) = Combination(stage);
        var more = new List<Term>();
        if (Perturbed is { Scale: var s })
        {
            weight += s;
            more.Add(new Term(Register.Perturbed.At(stage), -s));
        }

        if (Worse is { Scale: var w })
        {
            weight += w - 1;
            more.Add(new Term(Register.Worse.At(stage), 1 - w));
        }

        var rescale = (Combiner as ClassifierFreeGuidance)?.Rescale ?? 0;
        var needsC = weight != 0 || rescale > 0 || more.Count > 0 || before.Length > 0;
        yield return evaluate with { Outputs = Combiner is null ? EquatableArray.Of(c) : needsC ? EquatableArray.Of(u, c) : EquatableArray.Of(u) };
        if (Perturbed is not null)
        {
            yield return evaluate with { Outputs = EquatableArray.Of(Register.Perturbed.At(stage)), Variant = NetworkVariant.Perturbed };
        }

        if (Worse is not null)
        {
            yield return evaluate with { Outputs = EquatableArray.Of(Register.Worse.At(stage)), Variant = NetworkVariant.Worse };
        }

        foreach (var op in before)
        {
            yield return op;
        }

        Term[] ofC = needsC ? [new Term(c, weight)] : [];
        yield return new GuideOp(first.Concat(ofC).Concat(more).ToEquatableArray(), rescale) { Stage = stage };
    }

    /// <summary>What has to be computed first, the terms without c, and the weight of c.</summary>
    private (StepOp[] Before, Term[] First, double Weight) Combination(int stage)
    {
        var (u, c) = (Register.U.At(stage), Register.C.At(stage));
        switch (Combiner)
        {
            case ClassifierFreeGuidance { Scale: var w }:
                return ([], [new Term(u, 1 - w)], w);
            case AdaptiveProjectedGuidance { IsPlain: true, Scale: var w }:
                return ([], [new Term(u, 1 - w)], w);
            case PlusPlusGuidance { Lambda: var lambda }:
                return ([], [new Term(u, 1 - lambda)], lambda);
            case ZeroStarGuidance { Scale: var w }:
                return ([new AlignOp { Stage = stage }], [new Term(Register.Aligned.At(stage), 1 - w)], w);
            case AdaptiveProjectedGuidance apg:
                Term[] difference = [new Term(c, 1), new Term(u, -1)];
                var source = apg.Momentum == 0 ? Register.Difference.At(stage) : Register.Average;
                var project = new ProjectOp(source, apg.Eta, apg.Threshold) { Stage = stage };
                StepOp[] before = [AffineOp.Of(source, apg.Momentum == 0 ? difference : [.. difference, new Term(source, apg.Momentum)]), project];
                return apg.FromUnconditional
                    ? (before, [new Term(u, 1), new Term(project.Target, apg.Scale)], 0)
                    : (before, [new Term(project.Target, apg.Scale - 1)], 1);
            default:
                return ([], [], 1);
        }
    }

    /// <summary>x ← α′ x̂_0 + (σ′/σ)(x − α x̂_0(u)), with x̂_0(u) = p x + q u: the noise that is put back is the unconditional one (arXiv:2406.08070).</summary>
    private static Step Renoised(Step step)
    {
        var ops = step.Ops.ToList();
        var convert = ops.OfType<ConvertOp>().Single();
        var (from, to, share) = (step.Start, step.Level, step.Level.Sigma / step.Start.Sigma);
        return step with
        {
            Ops = ops.Take(ops.FindLastIndex(op => op is ConvertOp or ClampOp) + 1).Append(AffineOp.Of(
                Register.X,
                new Term(Register.X0, to.Alpha),
                new Term(Register.X, share * (1 - (from.Alpha * convert.P))),
                new Term(Register.U, -share * from.Alpha * convert.Q))).ToEquatableArray(),
        };
    }
}
