namespace Diffusion.Dsl.Steps;

/// <summary>x̂_0 ← p·x + q·m.</summary>
/// <param name="P">The part along x.</param>
/// <param name="Q">The part along m.</param>
public sealed record ConvertOp(double P, double Q) : StepOp
{
    /// <inheritdoc/>
    public override string ToString() => "x0 ← " + Text.Of(P) + "·x + " + Text.Of(Q) + "·m";
}
