namespace Diffusion.Runtime.Layers;

/// <summary>A layer that multiplies and adds: it says how often, its parts not counted.</summary>
internal interface ICountsProducts
{
    /// <summary>Multiplications with addition (MACs) of one call.</summary>
    /// <param name="input">The input's shape.</param>
    /// <param name="output">The output's shape.</param>
    long Products(long[] input, long[] output);
}
