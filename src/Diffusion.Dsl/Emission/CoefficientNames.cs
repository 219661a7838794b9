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
        ProjectOp => ["Eta", "Threshold"],
        GuideOp guide => guide.Terms.Select(term => "W" + Suffix(term.Source)).Append("Rescale"),
        AffineOp affine => affine.Terms.Select(term => Term(affine.Target, term.Source)).Append(affine.Target == Register.X ? "C" : "Unused").Concat(affine.Span is null ? [] : ["From", "To"]),
        SteerOp steer => new[] { "P", "Q", "Through", "Limit" }.Concat(steer.Factors.Select((_, i) => "G" + steer.Suffix(i))),
        LearnedNoiseOp => ["MinLog", "MaxLog"],
        ClampOp { Clamp: RangeClamp } => ["Limit"],
        ClampOp { Clamp: DynamicThreshold } => ["Ratio", "MaxValue"],
        _ => [],
    };

    private static string Term(Register target, Register source) => target.Name switch
    {
        "x" => Update(source),
        _ when target.Name.StartsWith("x0", System.StringComparison.Ordinal) || target.Age > 0 => source == Register.X ? "P" : "Q" + Suffix(source),
        _ => target.Name.ToUpperInvariant() + Suffix(source),
    };

    private static string Update(Register source) => source.Name switch
    {
        "x" => "A",
        _ when source.Name.StartsWith("x0", System.StringComparison.Ordinal) => "D" + source.Name.Substring(2).TrimStart('_'),
        _ when "mucpga".Contains(source.Name[0]) => "B" + Suffix(source),
        _ when source.Age > 0 => "B" + Text.Of(source.Age),
        _ when source.Name[0] == 'd' => "S" + source.Name.Substring(1),
        _ => source.Name.ToUpperInvariant(),
    };

    /// <summary>m is the normal case and needs no word; away and average are A.</summary>
    private static string Suffix(Register source) => source.Name[0] switch
    {
        'm' => source.Name.Substring(1),
        'a' => "A" + source.Name.TrimStart('a', 'w', 'y', 'v', 'e', 'r', 'g'),
        _ => source.Name.ToUpperInvariant(),
    };
}
