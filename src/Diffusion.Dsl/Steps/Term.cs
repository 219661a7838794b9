namespace Diffusion.Dsl.Steps;

/// <summary>One summand of a linear combination: <see cref="Coefficient"/> · <see cref="Source"/>.</summary>
/// <param name="Source">The register that is read.</param>
/// <param name="Coefficient">Its factor.</param>
public sealed record Term(Register Source, double Coefficient)
{
    /// <inheritdoc/>
    public override string ToString() => Text.Of(Coefficient) + "·" + Source;
}
