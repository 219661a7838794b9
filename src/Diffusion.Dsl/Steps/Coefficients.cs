using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl.Steps;

/// <summary>The numbers of an operation, in a fixed order.</summary>
internal static class Coefficients
{
    public static IEnumerable<double> Of(StepOp op) => op switch
    {
        EvaluateOp evaluate => [evaluate.Timestep, evaluate.Scale],
        GuideOp guide => guide.Terms.Select(term => term.Coefficient).Append(guide.Rescale),
        ProjectOp project => [project.Eta, project.Threshold],
        ConvertOp convert => [convert.P, convert.Q],
        ClampOp { Clamp: RangeClamp range } => [range.Limit],
        ClampOp { Clamp: DynamicThreshold dynamic } => [dynamic.Ratio, dynamic.MaxValue],
        AffineOp { Span: { } span } affine => affine.Terms.Select(term => term.Coefficient).Append(affine.Noise).Append(span.From).Append(span.To),
        AffineOp affine => affine.Terms.Select(term => term.Coefficient).Append(affine.Noise),
        SteerOp steer => new[] { steer.P, steer.Q, steer.Through ?? 0, steer.Limit ?? 0 }.Concat(steer.Factors),
        LearnedNoiseOp learned => [learned.MinLog, learned.MaxLog],
        _ => [],
    };
}
