namespace Diffusion.Dsl.Steps;

/// <summary>target ← z with z ~ N(0, I): fresh noise that is read more than once.</summary>
/// <param name="Target">The register that is written.</param>
public sealed record DrawOp(Register Target) : StepOp
{
    /// <inheritdoc/>
    public override string ToString() => Target + " ← z";
}
