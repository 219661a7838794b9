namespace Diffusion.Dsl.Steps;

/// <summary>
/// The part of a Brownian path that a noise is the increment of, normalised to unit variance: with such noise a seed means the same path for every
/// number of steps.
/// </summary>
/// <param name="From">σ at the start, the noisier end.</param>
/// <param name="To">σ at the end.</param>
public sealed record NoiseSpan(double From, double To)
{
    /// <inheritdoc/>
    public override string ToString() => Text.Of(From) + "…" + Text.Of(To);
}
