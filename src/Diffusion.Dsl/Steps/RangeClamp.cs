namespace Diffusion.Dsl;

/// <summary>x̂_0 is cut to [−<see cref="Limit"/>, <see cref="Limit"/>].</summary>
/// <param name="Limit">Above 0.</param>
public sealed record RangeClamp(double Limit) : Clamp
{
    /// <inheritdoc/>
    public override string ToString() => "range(" + Text.Of(Limit) + ")";
}
