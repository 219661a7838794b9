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
        if (spec.Guiders.FirstOrDefault(guider => guider is not ClassifierFreeGuidance) is { } later)
        {
            throw Rules.NotYetCompiled.Error("the guider " + later.Name, "Cfg");
        }

        var cfg = spec.Guiders.OfType<ClassifierFreeGuidance>().FirstOrDefault();
        var table = spec.Sampler.Derive(spec.Noise, spec.Prediction);
        var count = table.Steps.Count;
        var steps = table.Steps.Select((step, i) => Guided(step, cfg is not null && cfg.Interval.Contains(i, count) ? cfg : null));
        return new PipelinePlan(spec, steps.ToEquatableArray(), table.InitialNoiseSigma, IsFused: false);
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
        var (u, c) = (new Term(Register.U, 1 - cfg.Scale), new Term(Register.C, cfg.Scale));
        return cfg is { Scale: 0, Rescale: 0 }
            ? [evaluate with { Outputs = EquatableArray.Of(Register.U) }, new GuideOp(EquatableArray.Of(u), 0)]
            : [evaluate with { Outputs = EquatableArray.Of(Register.U, Register.C) }, new GuideOp(EquatableArray.Of(u, c), cfg.Rescale)];
    }
}
