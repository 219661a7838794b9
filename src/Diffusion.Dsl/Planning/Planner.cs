using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Turns a spec into a plan: derives the sampler's table and puts guidance after every evaluation of the network.</summary>
public static class Planner
{
    /// <summary>The unfused plan: each step as the paper writes it. A pure function.</summary>
    /// <param name="spec">A spec without errors.</param>
    /// <exception cref="DiffusionException">DIF0650: a guider is defined but not compiled by this version.</exception>
    public static PipelinePlan Plan(PipelineSpec spec)
    {
        if (spec.Guiders.FirstOrDefault(guider => guider is not (ClassifierFreeGuidance or GradientGuidance)) is { } later)
        {
            throw Rules.NotYetCompiled.Error("the guider " + later.Name, "Cfg");
        }

        var cfg = spec.Guiders.OfType<ClassifierFreeGuidance>().FirstOrDefault();
        var table = spec.Sampler.Derive(spec.Noise, spec.Prediction, spec.Start);
        var count = table.Steps.Count;
        var steps = table.Steps.Select((step, i) => Watched(Steered.Of(Guided(step, cfg is not null && cfg.Interval.Contains(i, count) ? cfg : null), i, count, spec)));
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

    private static Step Guided(Step step, ClassifierFreeGuidance? cfg) => cfg is null or { Scale: 1 }
        ? step
        : step with
        {
            Ops = step.Ops.SelectMany(op => op is EvaluateOp evaluate ? Guided(evaluate, cfg) : [op]).ToEquatableArray(),
        };

    /// <summary>m = (1 − w) u + w c; w = 0 needs no c.</summary>
    private static StepOp[] Guided(EvaluateOp evaluate, ClassifierFreeGuidance cfg)
    {
        var (u, c) = (Register.U.At(evaluate.Stage), Register.C.At(evaluate.Stage));
        return cfg is { Scale: 0, Rescale: 0 }
            ? [evaluate with { Outputs = EquatableArray.Of(u) }, new GuideOp(EquatableArray.Of(new Term(u, 1)), 0) { Stage = evaluate.Stage }]
            :
            [
                evaluate with { Outputs = EquatableArray.Of(u, c) },
                new GuideOp(EquatableArray.Of(new Term(u, 1 - cfg.Scale), new Term(c, cfg.Scale)), cfg.Rescale) { Stage = evaluate.Stage },
            ];
    }
}
