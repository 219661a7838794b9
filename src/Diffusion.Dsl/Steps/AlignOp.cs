namespace Diffusion.Dsl.Steps;

/// <summary>us ← s*·u with s* = ⟨c, u⟩/(‖u‖² + 10⁻⁸) over [C, H, W] of each picture: u at the scale that comes closest to c (arXiv:2503.18886). Not affine.</summary>
public sealed record AlignOp : StepOp
{
    /// <summary>Whose u and c: those of the k-th evaluation of the step.</summary>
    public int Stage { get; init; } = 1;

    /// <summary>The register that is written.</summary>
    public Register Target => Register.Aligned.At(Stage);

    /// <summary>The output that is scaled.</summary>
    public Register Source => Register.U.At(Stage);

    /// <summary>The output that it is to come close to.</summary>
    public Register Along => Register.C.At(Stage);

    /// <inheritdoc/>
    public override string ToString() => Target + " ← ⟨" + Along + ", " + Source + "⟩/‖" + Source + "‖²·" + Source;
}
