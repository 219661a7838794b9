namespace Diffusion.Dsl.Steps;

/// <summary>x̂_0 ← clamp(x̂_0). Not affine: fusion stops here.</summary>
/// <param name="Clamp">The rule; never <see cref="NoClamp"/>.</param>
public sealed record ClampOp(Clamp Clamp) : StepOp
{
    /// <summary>Whose x̂_0: that of the k-th evaluation of the step.</summary>
    public int Stage { get; init; } = 1;

    /// <summary>The register that is cut.</summary>
    public Register Target => Register.X0.At(Stage);

    /// <inheritdoc/>
    public override string ToString() => Target + " ← clamp(" + Target + ", " + Clamp + ")";
}
