using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Puts guidance by gradients behind every evaluation: x is moved before the sampler makes x̂_0 of it.</summary>
/// <param name="spec">The pipeline.</param>
/// <param name="count">How many steps it has.</param>
internal sealed class Steered(PipelineSpec spec, int count)
{
    private readonly GradientGuidance[] _guiders = spec.Guiders.OfType<GradientGuidance>().ToArray();
    private readonly Lazy<NoiseCurve> _curve = new(() => NoiseCurve.Of(spec.Noise));

    /// <summary>The step with guidance.</summary>
    /// <param name="step">A step whose evaluations are guided already.</param>
    /// <param name="index">Its number.</param>
    public Step Of(Step step, int index)
    {
        if (_guiders.Length == 0)
        {
            return step;
        }

        var ops = new List<StepOp>();
        var through = _guiders.Any(guider => guider.ThroughNetwork);
        var evaluation = (EvaluateOp)step.Ops[0];
        foreach (var op in step.Ops)
        {
            evaluation = op as EvaluateOp ?? evaluation;
            if (op is ConvertOp convert)
            {
                var (level, noise) = (evaluation.Level, Noise(evaluation.Level, convert.Q));
                var factors = _guiders.Select(guider => Factor(guider, level, index) * (guider.ChangesNoise ? noise : 1)).ToEquatableArray();
                ops.Add(new SteerOp(convert.P, convert.Q, factors)
                {
                    Stage = convert.Stage,
                    Through = through ? Weight(step, convert.Stage) : null,
                    Limit = Limit(step, convert.Stage),
                    OfNoise = Enumerable.Range(0, _guiders.Length).Where(k => _guiders[k].ChangesNoise).ToEquatableArray(),
                });
            }

            ops.Add(op is EvaluateOp evaluate ? evaluate with { IsTracked = through } : op);
        }

        return step with { Ops = ops.ToEquatableArray() };
    }

    private double Factor(GradientGuidance guider, NoiseLevel level, int index)
    {
        var schedule = guider.Schedule;
        var factor = schedule.Curve == ScaleCurve.Points ? schedule.Between(count == 1 ? 0 : index / (count - 1.0))
            : schedule.ReadsStepNumber ? schedule.Factor(_curve.Value.AlphaBar(Math.Min(index, spec.Noise.TrainTimesteps - 1)))
            : schedule.Factor(level.Alpha * level.Alpha / ((level.Alpha * level.Alpha) + (level.Sigma * level.Sigma)));
        return guider.Scale * factor;
    }

    // With x̂_0 = p·x + q·m the noise is (x − α·x̂_0)/σ: m takes σ²/(αq) of a gradient for the noise to take −σ. Where x is all noise there is no gradient.
    private static double Noise(NoiseLevel level, double q) => level.Alpha * q == 0 ? 0 : level.Sigma * level.Sigma / (level.Alpha * q);

    private static double Weight(Step step, int stage) =>
        step.Ops.OfType<GuideOp>().FirstOrDefault(guide => guide.Stage == stage) is { } guide
            ? guide.Terms[guide.Terms.Count - 1].Source == Register.C.At(stage) ? guide.Terms[guide.Terms.Count - 1].Coefficient : 0
            : 1;

    private double? Limit(Step step, int stage) =>
        _guiders.Any(guider => guider.Errata.HasFlag(GuidanceErrata.PassesClamp))
            ? step.Ops.OfType<ClampOp>().Where(clamp => clamp.Stage == stage).Select(clamp => (clamp.Clamp as RangeClamp)?.Limit).FirstOrDefault()
            : null;
}
