namespace Diffusion.Dsl;

/// <summary>x̂_0 stays as predicted.</summary>
public sealed record NoClamp : Clamp
{
    /// <inheritdoc/>
    public override string ToString() => "none";
}
