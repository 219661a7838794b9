using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>
/// Algebra on a plan: intermediate registers that are linear and used once are folded into their use, so that guidance, conversion and update become
/// one linear combination; what nothing reads is dropped. The fused plan computes the same numbers up to rounding.
/// </summary>
public static class Fusion
{
    /// <summary>The fused plan.</summary>
    /// <param name="plan">An unfused plan.</param>
    public static PipelinePlan Fuse(PipelinePlan plan)
    {
        var affine = WithoutZeroColumns(plan with { Steps = plan.Steps.Select(step => step with { Ops = step.Ops.Select(AsAffine).ToEquatableArray() }).ToEquatableArray() });
        var lively = Liveness.WithoutDeadHistory(WithoutTrailingNoise(affine.Steps.ToArray()).ToArray());
        var fused = affine with { Steps = lively.Select(item => item.Step).ToEquatableArray(), IsFused = true };
        for (var before = affine; !before.Equals(fused);)
        {
            // A fold may make a column 0, and a column less may allow another fold.
            before = fused;
            fused = WithoutZeroColumns(fused with { Steps = fused.Steps.Select((step, i) => Fuse(step, lively[i].LiveAfter)).ToEquatableArray() });
        }

        return fused;
    }

    private static Step Fuse(Step step, Register[] liveAfter)
    {
        var ops = step.Ops.Where(op => !IsIdentity(op)).ToList();
        for (var i = ops.Count - 1; i >= 0; i--)
        {
            if (ops[i] is AffineOp { DrawsNoise: false } definition && definition.Target != Register.X && !liveAfter.Contains(definition.Target))
            {
                Fold(ops, i, definition);
            }
        }

        return step with { Ops = ops.ToEquatableArray() };
    }

    private static bool IsIdentity(StepOp op) =>
        op is AffineOp { DrawsNoise: false, Terms: { Count: 1 } terms } affine && terms[0].Source == affine.Target && terms[0].Coefficient == 1;

    /// <summary>Guidance without rescaling and conversion are linear combinations like every other.</summary>
    private static StepOp AsAffine(StepOp op) => op switch
    {
        GuideOp { Rescale: 0 } guide => AffineOp.Of(guide.Target, LinearForm.Simplify(guide.Terms).ToArray()),
        ConvertOp convert => AffineOp.Of(convert.Target, LinearForm.Simplify([new Term(Register.X, convert.P), new Term(convert.Output, convert.Q)]).ToArray()),
        AffineOp affine => affine with { Terms = LinearForm.Simplify(affine.Terms) },
        _ => op,
    };

    /// <summary>
    /// Puts a definition in place of its use; drops it if it has none. Several uses are worth it where the definition is a single term: nothing is read twice
    /// then that would not have been read anyway.
    /// </summary>
    private static void Fold(List<StepOp> ops, int index, AffineOp definition)
    {
        var (uses, watches) = (new List<int>(), new List<int>());
        for (var i = index + 1; i < ops.Count; i++)
        {
            if (Registers.ReadBy(ops[i]).Contains(definition.Target))
            {
                (ops[i] is WatchOp ? watches : uses).Add(i);
            }

            if (Registers.WrittenBy(ops[i]).Contains(definition.Target))
            {
                break;
            }
        }

        if (uses.Any(at => ops[at] is not AffineOp) || (uses.Count > 1 && definition.Terms.Count > 1) || uses.Any(at => IsOverwritten(ops, index, at, definition)))
        {
            return;
        }

        foreach (var at in uses)
        {
            var use = (AffineOp)ops[at];
            ops[at] = use with { Terms = LinearForm.Substitute(use.Terms, definition.Target, definition.Terms) };
        }

        foreach (var at in watches)
        {
            ops[at] = new WatchOp(((WatchOp)ops[at]).Sources.SelectMany(source => source == definition.Target ? definition.Terms.Select(term => term.Source) : [source]).Distinct().ToEquatableArray());
        }

        ops.RemoveAt(index);
    }

    /// <summary>Whether a source of the definition gets another value between the definition and its use.</summary>
    private static bool IsOverwritten(List<StepOp> ops, int definedAt, int usedAt, AffineOp definition) =>
        ops.Skip(definedAt + 1).Take(usedAt - definedAt - 1).SelectMany(Registers.WrittenBy).Any(written => definition.Terms.Any(term => term.Source == written));

    /// <summary>
    /// Noise with factor 0 changes nothing but the generator's position. After the last noise that counts, even that is not read: it is not drawn at all.
    /// </summary>
    private static IEnumerable<Step> WithoutTrailingNoise(Step[] steps)
    {
        var last = steps.Length - 1;
        while (last >= 0 && !steps[last].Ops.Any(op => op is LearnedNoiseOp or DrawOp or AffineOp { Noise: not 0 }))
        {
            last--;
        }

        return steps.Select((step, i) => i <= last
            ? step
            : step with { Ops = step.Ops.Select(op => op is AffineOp { DrawsNoise: true } affine ? affine with { DrawsNoise = false, Span = null } : op).ToEquatableArray() });
    }

    /// <summary>Drops the terms that are 0 in every step of a run; a 0 in one step alone stays, so that the run remains one loop.</summary>
    private static PipelinePlan WithoutZeroColumns(PipelinePlan plan) => plan with { Steps = Segment.Of(plan).SelectMany(WithoutZeroColumns).ToEquatableArray() };

    private static IEnumerable<Step> WithoutZeroColumns(Segment segment) => segment.Steps.Select(step => step with
    {
        Ops = step.Ops.Select((op, at) => op is AffineOp affine ? affine with { Terms = WithoutZeroColumns(affine.Terms, segment, at) } : op).ToEquatableArray(),
    });

    /// <summary>A sum of nothing but zeros keeps its first term, so that it can be written down.</summary>
    private static EquatableArray<Term> WithoutZeroColumns(EquatableArray<Term> terms, Segment segment, int at)
    {
        var kept = terms.Where((_, k) => segment.Steps.Any(row => ((AffineOp)row.Ops[at]).Terms[k].Coefficient != 0)).ToEquatableArray();
        return kept.IsEmpty ? terms.Take(1).ToEquatableArray() : kept;
    }
}
