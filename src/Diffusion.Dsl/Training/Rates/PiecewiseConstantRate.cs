using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The peak times a factor that changes at given steps.</summary>
/// <remarks>Parity target: diffusers' <c>piecewise_constant</c>, whose <c>step_rules</c> read <c>1:10,0.1:20,0.005</c>: 1 below step 10, 0.1 below step 20, then 0.005.</remarks>
/// <param name="Pieces">The pieces, their ends rising.</param>
/// <param name="Rest">The factor behind the last piece, at least 0.</param>
public sealed record PiecewiseConstantRate(EquatableArray<RatePiece> Pieces, double Rest) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "piecewise_constant";

    /// <summary>The schedule that diffusers' text stands for.</summary>
    /// <param name="rules"><c>factor:step</c> parted by commas, the last factor without a step.</param>
    /// <exception cref="DiffusionException">DIF0222: the text is another.</exception>
    public static PiecewiseConstantRate Parse(string rules)
    {
        var parts = (rules ?? throw new ArgumentNullException(nameof(rules))).Split(',');
        return new(parts.Take(parts.Length - 1).Select(Piece).ToEquatableArray(), Number(parts[parts.Length - 1]));

        RatePiece Piece(string part) => part.Split(':') is { Length: 2 } pair && int.TryParse(pair[1], NumberStyles.Integer, CultureInfo.InvariantCulture, out var until)
            ? new(Number(pair[0]), until)
            : throw Rules.RatePiecesInvalid.Error(rules, "'" + part + "' is no factor:step");

        double Number(string part) => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Rules.RatePiecesInvalid.Error(rules, "'" + part + "' is no factor");
    }

    /// <summary>The same schedule with other pieces.</summary>
    /// <param name="pieces">The pieces, their ends rising.</param>
    public PiecewiseConstantRate WithPieces(params RatePiece[] pieces) => this with { Pieces = pieces.ToEquatableArray() };

    /// <summary>The same schedule with another factor behind the last piece.</summary>
    /// <param name="rest">At least 0.</param>
    public PiecewiseConstantRate WithRest(double rest) => this with { Rest = rest };

    /// <inheritdoc/>
    public override double At(int step, double peak, int totalSteps) => peak * (Pieces.FirstOrDefault(piece => step < piece.Until)?.Factor ?? Rest);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(double peak, int totalSteps)
    {
        for (var i = 0; i < Pieces.Count; i++)
        {
            if (Pieces[i].Until <= (i == 0 ? 0 : Pieces[i - 1].Until))
            {
                yield return Rules.RatePiecesInvalid.Found(Rule(), "step " + Text.Of(Pieces[i].Until) + " does not lie behind the one before");
            }
        }

        foreach (var factor in Pieces.Select(piece => piece.Factor).Append(Rest).Where(factor => !(factor >= 0 && factor < double.PositiveInfinity)))
        {
            yield return Rules.RatePiecesInvalid.Found(Rule(), "the factor " + Text.Of(factor) + " is not a finite number of at least 0");
        }
    }

    /// <summary>The canonical text: <c>PiecewiseConstant(1:10,0.1:20,0.005)</c>.</summary>
    public override string ToString() => "PiecewiseConstant(" + Rule() + ")";

    private string Rule() => string.Join(",", Pieces.Select(Text.Of).Append(Text.Of(Rest)));
}
