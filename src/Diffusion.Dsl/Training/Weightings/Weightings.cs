using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>The weightings by their short names, for <c>using static Diffusion.Dsl.Weightings</c> in C# and <c>open type</c> in F#.</summary>
public static class Weightings
{
    /// <inheritdoc cref="UniformWeighting"/>
    public static UniformWeighting Uniform { get; } = new();

    /// <inheritdoc cref="SnrWeighting"/>
    public static SnrWeighting Snr { get; } = new();

    /// <summary>One of each kind.</summary>
    public static IReadOnlyList<Weighting> All { get; } = [Uniform, Snr, MinSnr(), SoftMinSnr(), P2(), Edm()];

    /// <inheritdoc cref="MinSnrWeighting"/>
    /// <param name="gamma">γ, above 0; 5 in the paper.</param>
    public static MinSnrWeighting MinSnr(double gamma = 5) => new(gamma);

    /// <inheritdoc cref="SoftMinSnrWeighting"/>
    /// <param name="gamma">γ, above 0; 4 in the paper.</param>
    public static SoftMinSnrWeighting SoftMinSnr(double gamma = 4) => new(gamma);

    /// <inheritdoc cref="P2Weighting"/>
    /// <param name="k">k, above 0; 1 in the paper.</param>
    /// <param name="gamma">γ, at least 0; 1 or ½ in the paper.</param>
    public static P2Weighting P2(double k = 1, double gamma = 1) => new(k, gamma);

    /// <inheritdoc cref="EdmWeighting"/>
    /// <param name="sigmaData">σ_data, the standard deviation of the data, above 0; ½ in the paper.</param>
    public static EdmWeighting Edm(double sigmaData = 0.5) => new(sigmaData);
}
