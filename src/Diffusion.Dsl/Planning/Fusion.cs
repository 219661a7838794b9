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
        var steps = WithoutTrailingNoise(plan.Steps.Select(Fuse).ToArray());
        var fused = plan with { Steps = steps.ToEquatableArray(), IsFused = true };
        return fused with { Steps = Segment.Of(fused).SelectMany(WithoutZeroColumns).ToEquatableArray() };
    }

    private static Step Fuse(Step step)
    {
        var ops = step.Ops.Select(AsAffine).ToList();
        for (var i = ops.Count - 1; i >= 0; i--)
        {
            if (ops[i] is AffineOp { DrawsNoise: false } definition && !definition.Target.IsHistory && definition.Target != Register.X)
            {
                Fold(ops, i, definition);
            }
        }

        return step with { Ops = ops.ToEquatableArray() };
    }

    /// <summary>Guidance without rescaling and conversion are linear combinations like every other.</summary>
    private static StepOp AsAffine(StepOp op) => op switch
    {
        GuideOp { Rescale: 0 } guide => AffineOp.Of(Register.M, LinearForm.Simplify(guide.Terms).ToArray()),
        ConvertOp convert => AffineOp.Of(Register.X0, LinearForm.Simplify([new Term(Register.X, convert.P), new Term(Register.M, convert.Q)]).ToArray()),
        AffineOp affine => affine with { Terms = LinearForm.Simplify(affine.Terms) },
        _ => op,
    };

    /// <summary>Puts a definition in place of its only use; drops it if it has none; leaves it if it has several or an opaque one.</summary>
    private static void Fold(List<StepOp> ops, int index, AffineOp definition)
    {
        var uses = new List<int>();
        for (var i = index + 1; i < ops.Count; i++)
        {
            if (Reads(ops[i]).Contains(definition.Target))
            {
                uses.Add(i);
            }

            if (Writes(ops[i]) == definition.Target)
            {
                break;
            }
        }

        if (uses.Count == 0)
        {
            ops.RemoveAt(index);
        }
        else if (uses.Count == 1 && ops[uses[0]] is AffineOp use && !IsOverwritten(ops, index, uses[0], definition))
        {
            ops[uses[0]] = use with { Terms = LinearForm.Substitute(use.Terms, definition.Target, definition.Terms) };
            ops.RemoveAt(index);
        }
    }

    /// <summary>Whether a source of the definition gets another value between the definition and its use.</summary>
    private static bool IsOverwritten(List<StepOp> ops, int definedAt, int usedAt, AffineOp definition) =>
        ops.Skip(definedAt + 1).Take(usedAt - definedAt - 1).Any(op => Writes(op) is { } written && definition.Terms.Any(term => term.Source == written));

    private static IEnumerable<Register> Reads(StepOp op) => op switch
    {
        EvaluateOp => [Register.X],
        GuideOp guide => guide.Terms.Select(term => term.Source),
        ClampOp => [Register.X0],
        AffineOp affine => affine.Terms.Select(term => term.Source),
        LearnedNoiseOp => [Register.X, Register.V],
        RememberOp remember => [remember.Source],
        _ => [],
    };

    private static Register? Writes(StepOp op) => op switch
    {
        GuideOp => Register.M,
        ClampOp => Register.X0,
        AffineOp affine => affine.Target,
        LearnedNoiseOp => Register.X,
        RememberOp remember => remember.Slot,
        _ => null,
    };

    /// <summary>
    /// Noise with factor 0 changes nothing but the generator's position. After the last noise that counts, even that is not read: it is not drawn at all.
    /// </summary>
    private static IEnumerable<Step> WithoutTrailingNoise(Step[] steps)
    {
        var last = steps.Length - 1;
        while (last >= 0 && !steps[last].Ops.Any(op => op is LearnedNoiseOp or AffineOp { Noise: not 0 }))
        {
            last--;
        }

        return steps.Select((step, i) => i <= last
            ? step
            : step with { Ops = step.Ops.Select(op => op is AffineOp { DrawsNoise: true } affine ? affine with { DrawsNoise = false } : op).ToEquatableArray() });
    }

    /// <summary>Drops the terms that are 0 in every step of a run; a 0 in one step alone stays, so that the run remains one loop.</summary>
    private static IEnumerable<Step> WithoutZeroColumns(Segment segment) => segment.Steps.Select(step => step with
    {
        Ops = step.Ops.Select((op, at) => op is AffineOp affine
            ? affine with { Terms = affine.Terms.Where((_, k) => segment.Steps.Any(row => ((AffineOp)row.Ops[at]).Terms[k].Coefficient != 0)).ToEquatableArray() }
            : op).ToEquatableArray(),
    });
}
