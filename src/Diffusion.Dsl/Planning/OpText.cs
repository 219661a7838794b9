using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Writes one operation with letters in place of the numbers that vary over a run.</summary>
internal static class OpText
{
    /// <param name="op">The operation.</param>
    /// <param name="letters">One entry for each of the operation's numbers, in the order of <see cref="Coefficients"/>; null: write the number.</param>
    public static string Of(StepOp op, IReadOnlyList<string?> letters) => op switch
    {
        EvaluateOp { Outputs.IsEmpty: true } evaluate => "the network is not asked at " + Number(letters[0], evaluate.Timestep),
        EvaluateOp evaluate => evaluate.Left + evaluate.Called + "(" + (evaluate.Scale == 1 ? "x" : Number(letters[1], evaluate.Scale) + "·x") + ", " + Number(letters[0], evaluate.Timestep) + ")",
        GuideOp guide => guide.Target + " ← " + Sum(guide.Terms, letters) + (guide.Rescale > 0 ? ", rescaled " + Number(letters[guide.Terms.Count], guide.Rescale) + " to std(c)" : ""),
        ConvertOp convert => convert.Target + " ← " + Sum(EquatableArray.Of(new Term(Register.X, convert.P), new Term(convert.Output, convert.Q)), letters),
        AffineOp affine => affine.Target + " ← " + Sum(affine.Terms, letters) + (affine.DrawsNoise ? " + " + Number(letters[affine.Terms.Count], affine.Noise) + "·z" + (affine.Span is { } span
                ? "[" + Number(letters[affine.Terms.Count + 1], span.From) + "…" + Number(letters[affine.Terms.Count + 2], span.To) + "]"
                : "") : ""),
        SteerOp steer => Steer(steer, letters),
        LearnedNoiseOp { IsRange: true } learned => "x ← x + exp(½·lerp(" + Number(letters[0], learned.MinLog) + ", " + Number(letters[1], learned.MaxLog) + ", ½(v + 1)))·z",
        _ => op.ToString(),
    };

    private static string Steer(SteerOp steer, IReadOnlyList<string?> letters)
    {
        var clean = "(" + Number(letters[0], steer.P) + "·x + " + Number(letters[1], steer.Q) + "·" + steer.Output + ")";
        return steer.Moves(k => Number(letters[4 + k], steer.Factors[k]) + "·∇L" + Text.Of(k + 1) + clean) + (steer.Through is null ? "" : " through the network");
    }

    /// <summary>A term that is 0 in all steps of the run says nothing; a sum of such terms is 0.</summary>
    private static string Sum(EquatableArray<Term> terms, IReadOnlyList<string?> letters)
    {
        var said = terms.Select((term, i) => letters[i] is null && term.Coefficient == 0 ? null : Number(letters[i], term.Coefficient) + "·" + term.Source).Where(term => term is not null).ToArray();
        return said.Length == 0 ? "0" : string.Join(" + ", said);
    }

    private static string Number(string? letter, double value) => letter ?? Text.Of(value);
}
