using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// One CPU generator for each picture: the numbers are those of <c>torch.Generator().manual_seed(seed)</c> in Python, and a picture's noise does not
/// depend on what else is in its batch.
/// </summary>
public sealed class SeededNoise : INoiseSource
{
    private readonly IReadOnlyList<torch.Generator> _generators;
    private readonly torch.Device _device;

    /// <summary>A source for pictures of these seeds.</summary>
    /// <param name="seeds">One for each picture of the batch.</param>
    /// <param name="device">Where the noise is put after it was drawn on the CPU; null: the CPU.</param>
    public SeededNoise(IEnumerable<long> seeds, torch.Device? device = null)
    {
        _generators = seeds.Select(seed => new torch.Generator(unchecked((ulong)seed))).ToArray();
        _device = device ?? torch.CPU;
    }

    /// <inheritdoc/>
    public Tensor Draw(long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        long[] single = [1, .. shape[1..]];
        var rows = _generators.Select(generator => torch.randn(single, generator: generator)).ToArray();
        return (rows.Length == 1 ? rows[0] : torch.cat(rows, 0)).to(_device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var generator in _generators)
        {
            generator.Dispose();
        }
    }
}
