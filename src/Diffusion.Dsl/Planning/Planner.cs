using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Turns a spec into a plan: derives the sampler's table and puts guidance after every evaluation of the network.</summary>
public static class Planner
{
    /// <summary>The unfused plan: each step as the paper writes it. A pure function.</summary>
    /// <param name="spec">A spec without errors.</param>
    public static PipelinePlan Plan(PipelineSpec spec)
    {
        var table = spec.Sampler.Derive(spec.Noise, spec.Prediction, spec.Start);
        var count = table.Steps.Count;
        var steered = new Steered(spec, count);
        var steps = table.Steps.Select((step, i) => Watched(steered.Of(GuidanceRules.At(spec.Guiders, i, count).Guided(step), i)));
        return new PipelinePlan(spec, steps.ToEquatableArray(), table.InitialNoiseSigma, IsFused: false);
    }

    /// <summary>The last x̂_0 of a step is the one to look at.</summary>
    private static Step Watched(Step step)
    {
        var ops = step.Ops.ToList();
        var known = ops.FindLastIndex(op => op is ConvertOp or ClampOp);
        if (known >= 0)
        {
            var clean = ops[known] is ConvertOp convert ? convert.Target : ((ClampOp)ops[known]).Target;
            ops.Insert(known + 1, new WatchOp(EquatableArray.Of(clean)));
        }

        return step with { Ops = ops.ToEquatableArray() };
    }
}
