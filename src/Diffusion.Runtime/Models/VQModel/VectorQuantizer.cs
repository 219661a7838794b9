using System;
using System.Linq;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;
using Embedding = Diffusion.Runtime.Layers.Embedding;

namespace Diffusion.Runtime.Models;

/// <summary>The codebook of a VQModel: latents <c>[N, C, h, w]</c> to the indices of the nearest vectors, and indices to vectors.</summary>
internal sealed class VectorQuantizer : nn.Module
{
    // Distances of so many pairs are held at a time: 64 MiB in float32.
    private const long MostDistances = 1 << 24;

    private readonly Embedding _embedding;

    /// <param name="count">Vectors of the codebook.</param>
    /// <param name="length">Length of each.</param>
    /// <param name="options">How the parameters are made.</param>
    public VectorQuantizer(int count, int length, LayerOptions options)
        : base(nameof(VectorQuantizer))
    {
        register_module("embedding", _embedding = new Embedding(count, length, options));
        options.Redraw(_embedding.Weight, 1.0 / count);
    }

    /// <summary>The index of the nearest vector of each pixel.</summary>
    /// <param name="latents"><c>[N, C, h, w]</c>.</param>
    /// <returns><c>[N, h, w]</c>, int64; records no gradient.</returns>
    public Tensor Nearest(Tensor latents)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var shape = latents.Sizes();
        var pixels = latents.permute(0, 2, 3, 1).reshape(-1, _embedding.Dim);

        // |z − e|² = |z|² + |e|² − 2 z e, and |z|² is the same for every e.
        var squares = Arithmetic.Square(_embedding.Weight).sum(1);
        var doubled = Arithmetic.Times(_embedding.Weight, -2).t();
        var rows = pixels.split(Math.Max(MostDistances / _embedding.Count, 1)).Select(block =>
        {
            using var distances = addmm(squares, block, doubled, beta: 1, alpha: 1);
            return distances.argmin(1);
        }).ToArray();

        return cat(rows, 0).view(shape[0], shape[2], shape[3]).MoveToOuterDisposeScope();
    }

    /// <summary>The vectors of indices.</summary>
    /// <param name="indices"><c>[N, h, w]</c>, int64, each within the codebook.</param>
    /// <returns><c>[N, C, h, w]</c>.</returns>
    public Tensor Lookup(Tensor indices)
    {
        using var vectors = _embedding.call(indices);
        using var turned = vectors.permute(0, 3, 1, 2);

        return turned.contiguous();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }
}
