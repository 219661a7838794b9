namespace Diffusion.Dsl.Steps;

/// <summary>
/// away ← Δ_⊥ + η·Δ_∥ of a direction Δ, cut to a norm of r first: its parts across and along c over [C, H, W] of each picture (arXiv:2410.02416, algorithm 1). Not affine.
/// </summary>
/// <param name="Source">The register that holds Δ.</param>
/// <param name="Eta">η: what is kept of the part along c.</param>
/// <param name="Threshold">r, the largest norm; 0: none.</param>
public sealed record ProjectOp(Register Source, double Eta, double Threshold) : StepOp
{
    /// <summary>Whose c: that of the k-th evaluation of the step.</summary>
    public int Stage { get; init; } = 1;

    /// <summary>The register that is written.</summary>
    public Register Target => Register.Away.At(Stage);

    /// <summary>The output along which the direction is shortened.</summary>
    public Register Along => Register.C.At(Stage);

    /// <inheritdoc/>
    public override string ToString() =>
        Target + " ← " + Source + (Threshold > 0 ? " cut to norm " + Text.Of(Threshold) + "," : "") + " across " + Along + (Eta == 0 ? "" : " and " + Text.Of(Eta) + " of it along");
}
