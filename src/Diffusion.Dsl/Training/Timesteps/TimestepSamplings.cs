namespace Diffusion.Dsl;

/// <summary>The samplings of timesteps by their short names, for <c>using static Diffusion.Dsl.TimestepSamplings</c> in C# and <c>open type</c> in F#.</summary>
public static class TimestepSamplings
{
    /// <inheritdoc cref="UniformTimesteps"/>
    public static UniformTimesteps UniformTime { get; } = new();

    /// <inheritdoc cref="StratifiedTimesteps"/>
    public static StratifiedTimesteps Stratified { get; } = new();

    /// <inheritdoc cref="LogitNormalTimesteps"/>
    /// <param name="mean">m: above 0 prefers noisy timesteps.</param>
    /// <param name="deviation">s, above 0.</param>
    public static LogitNormalTimesteps LogitNormal(double mean = 0, double deviation = 1) => new(mean, deviation);
}
