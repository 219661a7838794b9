using static System.Math;

namespace Diffusion.Dsl;

/// <summary>An ancestral step: down along the probability flow to <see cref="Down"/>, then up again by fresh noise of deviation <see cref="Up"/>.</summary>
/// <remarks>
/// <para>The variance up² = σ′²(σ² − σ′²)/σ² is that of DDPM's posterior (arXiv:2006.11239, Eq. 7) where the clean sample has scale 1;
/// down² = σ′² − up² = σ′⁴/σ², so that down = σ′²/σ without a difference of squares.</para>
/// </remarks>
/// <param name="Down">Where the deterministic part ends.</param>
/// <param name="Up">The deviation of the fresh noise; down² + up² = σ′².</param>
internal sealed record AncestralSplit(double Down, double Up)
{
    /// <summary>The split of the step from <paramref name="sigma"/>, above 0, to <paramref name="next"/>.</summary>
    public static AncestralSplit Of(double sigma, double next) => new(next * next / sigma, next * Sqrt((sigma - next) * (sigma + next)) / sigma);
}
