namespace Diffusion.Dsl.Steps;

/// <summary>x̂_0 ← p·x + q·m.</summary>
/// <param name="P">The part along x.</param>
/// <param name="Q">The part along m.</param>
public sealed record ConvertOp(double P, double Q) : StepOp
{
    /// <summary>Whose m and x̂_0: those of the k-th evaluation of the step.</summary>
    public int Stage { get; init; } = 1;

    /// <summary>The register that is written.</summary>
    public Register Target => Register.X0.At(Stage);

    /// <summary>The output that is read.</summary>
    public Register Output => Register.M.At(Stage);

    /// <inheritdoc/>
    public override string ToString() => Target + " ← " + Text.Of(P) + "·x + " + Text.Of(Q) + "·" + Output;
}
