using System;
using Diffusion.Runtime.Kernels.Products;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>Weights of a square convolution as panels over rows of the kernel, <c>[C′, K · K · C]</c>: of an image that goes pixel by pixel, a row of the kernel is one run of memory.</summary>
internal sealed class KernelRows : IDisposable
{
    /// <param name="weight"><c>[C′, C, K, K]</c>; read, not kept.</param>
    public KernelRows(Tensor weight)
    {
        (Channels, Size) = ((int)weight.Sizes()[1], (int)weight.Sizes()[2]);
        Panels = Panels.Of(weight, rows => rows.permute(0, 2, 3, 1).reshape(rows.Sizes()[0], -1));
    }

    /// <summary>The panels.</summary>
    public Panels Panels { get; }

    /// <summary>C.</summary>
    public int Channels { get; }

    /// <summary>K.</summary>
    public int Size { get; }

    /// <summary>The weights as they were given; a new tensor.</summary>
    public Tensor Weight()
    {
        using var scope = NewDisposeScope();

        return Panels.ToMatrix().view(Panels.Rows, Size, Size, Channels).permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => Panels.Dispose();
}
