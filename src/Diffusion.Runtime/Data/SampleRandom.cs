namespace Diffusion.Runtime.Data;

/// <summary>
/// Random numbers of one sample: SplitMix64 (Steele, Lea and Flood, 2014, doi:10.1145/2714064.2660195) started at a hash of seed and index, so that
/// every sample can be made without its predecessors.
/// </summary>
internal sealed class SampleRandom(long seed, long index)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong state = Mix(Mix((ulong)seed + Golden) ^ ((ulong)index * Golden));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * ((Next() >> 11) * (1.0 / (1UL << 53))));

    /// <summary>A bell around 0 within ±2.45 deviations: the sum of two uniforms has a triangular density.</summary>
    /// <param name="deviation">Standard deviation.</param>
    public double Bell(double deviation) => (Uniform(-1, 1) + Uniform(-1, 1)) * deviation * 1.2247448713915890;

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Uniform(0, 1) < probability;

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private ulong Next() => Mix(state += Golden);
}
