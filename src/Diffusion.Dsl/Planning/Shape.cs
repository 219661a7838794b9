using System.Globalization;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>What two steps must share to be rows of one loop: everything but the numbers.</summary>
internal static class Shape
{
    public static string Of(Step step) => string.Join("; ", step.Ops.Select(Of));

    private static string Of(StepOp op) => op switch
    {
        EvaluateOp evaluate => "evaluate " + string.Join(",", evaluate.Outputs) + (evaluate.Scale == 1 ? "" : " scaled") + (evaluate.SplitVariance ? " split" : "") + (evaluate.Variant == NetworkVariant.Own ? "" : " " + evaluate.Called) + (evaluate.IsTracked ? " tracked" : ""),
        GuideOp guide => "guide " + guide.Target + " " + string.Join(",", guide.Terms.Select(term => term.Source)) + (guide.Rescale > 0 ? " rescaled" : ""),
        AffineOp affine => affine.Target + " from " + string.Join(",", affine.Terms.Select(term => term.Source)) + (affine.DrawsNoise ? affine.Noise == 0 ? " skip" : affine.Span is null ? " noise" : " span" : ""),
        ProjectOp project => "project " + project.Target + " from " + project.Source,
        ConvertOp convert => "convert " + convert.Target,
        ClampOp clamp => "clamp " + clamp.Target + " " + clamp.Clamp,
        SteerOp steer => "steer " + steer.Output + " " + Text.Of(steer.Factors.Count) + (steer.Through is null ? "" : " through") + (steer.Limit is null ? "" : " limited") + (steer.OfNoise.IsEmpty ? "" : " noise of " + string.Join(",", steer.OfNoise)),
        LearnedNoiseOp learned => "learned " + learned.IsRange.ToString(CultureInfo.InvariantCulture),
        _ => op.ToString(),
    };
}
