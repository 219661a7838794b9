using System;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>The parts of one output of the network; disposed together.</summary>
public sealed class Evaluation : IDisposable
{
    private readonly Tensor[] _parts;
    private readonly int _predictions;

    private Evaluation(Tensor[] parts, int predictions) => (_parts, _predictions) = (parts, predictions);

    /// <summary>The single prediction [N, C, H, W], beside <see cref="V"/>.</summary>
    public Tensor M => _parts[0];

    /// <summary>The unconditional prediction [N, C, H, W].</summary>
    public Tensor U => _parts[0];

    /// <summary>The conditional prediction [N, C, H, W].</summary>
    public Tensor C => _parts[1];

    /// <summary>The variance half of the (conditional) output [N, C, H, W].</summary>
    public Tensor V => _parts[_predictions];

    /// <summary>Cuts a network's output into its parts and disposes it.</summary>
    /// <param name="output">[N, C, H, W] times 2 rows if <paramref name="both"/>, times 2 channels if <paramref name="split"/>.</param>
    /// <param name="both">Whether the rows are unconditional, then conditional.</param>
    /// <param name="split">Whether the second half of the channels is the variance.</param>
    public static Evaluation Of(Tensor output, bool both, bool split)
    {
        using (output)
        {
            var rows = both ? output.chunk(2, 0) : [output.alias()];
            if (!split)
            {
                return new Evaluation(rows, rows.Length);
            }

            var channels = Array.ConvertAll(rows, row => row.chunk(2, 1));
            foreach (var row in rows)
            {
                row.Dispose();
            }

            if (both)
            {
                channels[0][1].Dispose();
                return new Evaluation([channels[0][0], channels[1][0], channels[1][1]], 2);
            }

            return new Evaluation(channels[0], 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }
}
