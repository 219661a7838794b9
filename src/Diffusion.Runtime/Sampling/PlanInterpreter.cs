using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// Runs a plan operation by operation with plain torch arithmetic: slow, obvious, the oracle that compiled samplers are compared with.
/// </summary>
/// <param name="plan">A plan, fused or not.</param>
public sealed class PlanInterpreter(PipelinePlan plan) : Sampler
{
    /// <inheritdoc/>
    public override IEnumerable<SamplingStep> Sample(SamplingRun run)
    {
        var history = new Registers();
        try
        {
            var x = run.Start(plan.InitialNoiseSigma);
            if (plan.Spec.Guiders.OfType<AdaptiveProjectedGuidance>().Any(apg => apg.Momentum != 0))
            {
                history[Register.Average] = torch.zeros_like(x);
            }

            for (var i = 0; i < plan.Steps.Count; i++)
            {
                using var registers = new Registers(history);
                registers[Register.X] = x.alias();
                foreach (var op in plan.Steps[i].Ops)
                {
                    Apply(op, i, run, registers);
                }

                if (plan.Steps[i].Ops.OfType<WatchOp>().LastOrDefault() is { } watch && registers.Find(watch.Sources[0]) is { } x0 && watch.Sources.Count == 1)
                {
                    run.Watch(i, x0);
                }

                x.copy_(registers[Register.X]);
                history.Replace(registers);
                yield return run.Step(i, plan.Steps[i].Ops.OfType<EvaluateOp>().First().Timestep, x);
            }
        }
        finally
        {
            history.Dispose();
        }
    }

    private static void Apply(StepOp op, int index, SamplingRun run, Registers registers)
    {
        switch (op)
        {
            case EvaluateOp evaluate:
                Evaluate(evaluate, run, registers);
                break;
            case GuideOp { Rescale: 0 } guide:
                registers[guide.Target] = Sum(guide.Terms, registers);
                break;
            case GuideOp guide:
                registers[guide.Target] = Guidance.Rescaled(guide.Rescale, [.. guide.Terms.Select(term => term.Coefficient)], [.. guide.Terms.Select(term => registers[term.Source])]);
                break;
            case AlignOp align:
                registers[align.Target] = Guidance.Aligned(registers[align.Source], registers[align.Along]);
                break;
            case ProjectOp project:
                registers[project.Target] = Guidance.Projected(registers[project.Source], registers[project.Along], project.Eta, project.Threshold);
                break;
            case ConvertOp convert:
                registers[convert.Target] = Sum(EquatableArray.Of(new Term(Register.X, convert.P), new Term(convert.Output, convert.Q)), registers);
                break;
            case ClampOp { Clamp: RangeClamp range } clamp:
                Clamping.Range(registers[clamp.Target], range.Limit);
                break;
            case ClampOp { Clamp: DynamicThreshold dynamic } clamp:
                Clamping.Dynamic(registers[clamp.Target], dynamic.Ratio, dynamic.MaxValue);
                break;
            case AffineOp affine:
                registers[affine.Target] = WithNoise(Sum(affine.Terms, registers), affine, run);
                break;
            case SteerOp steer:
                run.Steer(index, registers[Register.X], registers[steer.Output], steer.P, steer.Q, [.. steer.Factors], steer.Through, steer.Limit);
                break;
            case LearnedNoiseOp learned:
                LearnedNoiseInto(learned, run, registers);
                break;
            case ShiftOp shift:
                registers.Shift(shift.Depth);
                break;
            case DrawOp draw:
                registers[draw.Target] = run.Noise();
                break;
            case WatchOp:
                break;
            default:
                throw new NotSupportedException("the interpreter does not know " + op);
        }
    }

    private static void Evaluate(EvaluateOp evaluate, SamplingRun run, Registers registers)
    {
        var (x, t, both) = (registers[Register.X], evaluate.Timestep, evaluate.Outputs.Count > 1);
        if (evaluate.Outputs.IsEmpty)
        {
            run.SkipEvaluation(t);
            return;
        }

        if (evaluate.Variant != NetworkVariant.Own)
        {
            registers[evaluate.Outputs[0]] = evaluate.Variant == NetworkVariant.Worse
                ? run.EvaluateWorse(x, t, evaluate.Scale, evaluate.SplitVariance)
                : run.EvaluatePerturbed(x, t, evaluate.Scale, evaluate.SplitVariance);
            return;
        }

        var unconditional = evaluate.Outputs[0] == Register.U.At(evaluate.Stage);
        if (!both && !evaluate.SplitVariance)
        {
            registers[evaluate.Outputs[0]] = unconditional ? run.EvaluateUnconditional(x, t, evaluate.Scale, evaluate.IsTracked) : run.Evaluate(x, t, evaluate.Scale, evaluate.IsTracked);
            return;
        }

        using var parts = both
            ? run.EvaluateBoth(x, t, evaluate.Scale, evaluate.IsTracked, evaluate.SplitVariance)
            : run.EvaluateSplit(x, t, evaluate.Scale, evaluate.IsTracked, unconditional);
        registers[evaluate.Outputs[0]] = parts.M.alias();
        if (both)
        {
            registers[evaluate.Outputs[1]] = parts.C.alias();
        }

        if (evaluate.SplitVariance)
        {
            registers[Register.V] = parts.V.alias();
        }
    }

    /// <summary>Σ a_k·s_k, one multiplication and one addition at a time.</summary>
    private static Tensor Sum(EquatableArray<Term> terms, Registers registers)
    {
        var sum = Arithmetic.Times(registers[terms[0].Source], terms[0].Coefficient);
        foreach (var term in terms.Skip(1))
        {
            using var product = Arithmetic.Times(registers[term.Source], term.Coefficient);
            Arithmetic.AddInto(sum, product);
        }

        return sum;
    }

    private static Tensor WithNoise(Tensor sum, AffineOp affine, SamplingRun run)
    {
        if (affine.DrawsNoise)
        {
            using var z = affine.Span is { } span ? run.Noise(span.From, span.To) : run.Noise();
            using var scaled = Arithmetic.Times(z, affine.Noise);
            Arithmetic.AddInto(sum, scaled);
        }

        return sum;
    }

    private static void LearnedNoiseInto(LearnedNoiseOp learned, SamplingRun run, Registers registers)
    {
        using var z = run.Noise();
        var x = registers[Register.X].clone();
        if (learned.IsRange)
        {
            LearnedNoise.AddRange(x, registers[Register.V], z, learned.MinLog, learned.MaxLog);
        }
        else
        {
            LearnedNoise.Add(x, registers[Register.V], z);
        }

        registers[Register.X] = x;
    }
}
