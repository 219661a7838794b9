using System.Linq;

namespace Diffusion.Dsl.Steps;

/// <summary>m ← Σ w_k o_k, the combination of the network's outputs under several conditions; optionally rescaled.</summary>
/// <param name="Terms">The affine part: (1 − w)·u + w·c for classifier-free guidance.</param>
/// <param name="Rescale">
/// φ of arXiv:2305.08891, section 3.4, in [0, 1]: m ← φ·m·std(c)/std(m) + (1 − φ)·m. Above 0 the operation is not affine.
/// </param>
public sealed record GuideOp(EquatableArray<Term> Terms, double Rescale) : StepOp
{
    /// <summary>Whose outputs: those of the k-th evaluation of the step.</summary>
    public int Stage { get; init; } = 1;

    /// <summary>The register that is written.</summary>
    public Register Target => Register.M.At(Stage);

    /// <inheritdoc/>
    public override string ToString() =>
        Target + " ← " + string.Join(" + ", Terms.Select(term => term.ToString())) + (Rescale > 0 ? ", rescaled " + Text.Of(Rescale) + " to std(c)" : "");
}
