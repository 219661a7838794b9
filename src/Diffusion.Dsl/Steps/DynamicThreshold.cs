namespace Diffusion.Dsl;

/// <summary>
/// s = quantile of |x̂_0| of one image, cut to [1, <see cref="MaxValue"/>]; x̂_0 is cut to [−s, s] and divided by s
/// (arXiv:2205.11487, section 2.3).
/// </summary>
/// <param name="Ratio">The quantile, in (0, 1].</param>
/// <param name="MaxValue">The largest s, at least 1.</param>
public sealed record DynamicThreshold(double Ratio, double MaxValue) : Clamp
{
    /// <inheritdoc/>
    public override string ToString() => "dynamic(" + Text.Of(Ratio) + ", " + Text.Of(MaxValue) + ")";
}
