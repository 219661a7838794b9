using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// One Brownian path for each picture. Noise over a part of it is the path's increment, normalised to unit variance: a picture's path depends on its seed and on
/// the two ends alone, not on the number of steps, nor on what else is in its batch.
/// </summary>
/// <remarks>
/// <para>
/// The values are those of <c>BrownianTreeNoiseSampler(x, sigma_min, sigma_max, seed)</c> in diffusers and k-diffusion with torchsde on the CPU. σ falls in
/// sampling, so the increment is −(W(from) − W(to))/√(from − to).
/// </para>
/// <para>Levels are taken in float32, as there. Noise without a part, such as the first x, is that of <see cref="SeededNoise"/>.</para>
/// </remarks>
public sealed class BrownianNoise : INoiseSource
{
    private readonly SeededNoise _fresh;
    private readonly IReadOnlyList<BrownianPath> _paths;
    private readonly torch.Device _device;

    /// <summary>A source for pictures of these seeds.</summary>
    /// <param name="seeds">One for each picture of the batch.</param>
    /// <param name="sigmaMin">Where the paths begin: the smallest level above 0 that the sampler visits.</param>
    /// <param name="sigmaMax">Where they end: the largest level; what is asked for beyond the ends is cut off.</param>
    /// <param name="device">Where the noise is put after it was drawn on the CPU; null: the CPU.</param>
    /// <param name="pathSeed">The seed of every path; null: each picture's own.</param>
    public BrownianNoise(IEnumerable<long> seeds, double sigmaMin, double sigmaMax, torch.Device? device = null, long? pathSeed = null)
    {
        var all = seeds.ToArray();
        _fresh = new SeededNoise(all, device);
        _paths = Array.ConvertAll(all, seed => new BrownianPath(unchecked((ulong)(pathSeed ?? seed)), (float)sigmaMin, (float)sigmaMax));
        _device = device ?? torch.CPU;
    }

    /// <inheritdoc/>
    public Tensor Draw(long[] shape) => _fresh.Draw(shape);

    /// <inheritdoc/>
    public Tensor Draw(long[] shape, double from, double to)
    {
        using var scope = torch.NewDisposeScope();
        long[] single = [1, .. shape[1..]];
        var (low, high) = ((float)Math.Min(from, to), (float)Math.Max(from, to));
        var deviation = low == high ? 1 : MathF.Sqrt(high - low);
        var rows = _paths.Select(path => path.Increment(low, high, single)).ToArray();
        var increments = rows.Length == 1 ? rows[0] : torch.cat(rows, 0);
        return Arithmetic.Over(increments, from > to ? -deviation : deviation).to(_device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _fresh.Dispose();
}
