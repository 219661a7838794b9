namespace Diffusion.Dsl.Steps;

/// <summary>x̂_0 ← clamp(x̂_0). Not affine: fusion stops here.</summary>
/// <param name="Clamp">The rule; never <see cref="NoClamp"/>.</param>
public sealed record ClampOp(Clamp Clamp) : StepOp
{
    /// <inheritdoc/>
    public override string ToString() => "x0 ← clamp(x0, " + Clamp + ")";
}
