using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Emission;

/// <summary>The table names of an operation's numbers, in the order of <see cref="Coefficients"/>.</summary>
internal static class CoefficientNames
{
    public static IEnumerable<string> Of(StepOp op) => op switch
    {
        EvaluateOp => ["T", "Scale"],
        GuideOp guide => guide.Terms.Select(term => "W" + Suffix(term.Source)).Append("Rescale"),
        AffineOp { Target.Name: "x0" } affine => affine.Terms.Select(term => term.Source == Register.X ? "P" : "Q" + Suffix(term.Source)).Append("Unused"),
        AffineOp { Target.Name: "x" } affine => affine.Terms.Select(term => Update(term.Source)).Append("C"),
        AffineOp affine => affine.Terms.Select(term => affine.Target.Name.ToUpperInvariant() + Suffix(term.Source)).Append("Unused"),
        LearnedNoiseOp => ["MinLog", "MaxLog"],
        ClampOp { Clamp: RangeClamp } => ["Limit"],
        ClampOp { Clamp: DynamicThreshold } => ["Ratio", "MaxValue"],
        _ => [],
    };

    private static string Update(Register source) => source.Name switch
    {
        "x" => "A",
        "x0" => "D",
        "m" or "u" or "c" => "B" + Suffix(source),
        _ => source.Name.ToUpperInvariant(),
    };

    private static string Suffix(Register source) => source.Name switch
    {
        "u" => "U",
        "c" => "C",
        "m" => "",
        _ => source.Name.ToUpperInvariant(),
    };
}
