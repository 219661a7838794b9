using System;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Latents, each replaced by the nearest vector of a codebook, and what training needs of that (van den Oord et al. 2017, arXiv:1711.00937).</summary>
public sealed class VectorQuantization : IDisposable
{
    // The weight of the lesser term; no configuration has another.
    private const double Beta = 0.25;

    internal VectorQuantization(Tensor latents, Tensor indices, Tensor vectors)
    {
        using var scope = NewDisposeScope();
        Indices = indices;
        var fixedLatents = latents.detach();
        var fixedVectors = vectors.detach();
        CommitmentLoss = Arithmetic.Square(fixedVectors - latents).mean().MoveToOuterDisposeScope();
        CodebookLoss = Arithmetic.Square(vectors - fixedLatents).mean().MoveToOuterDisposeScope();

        // Straight through: the value is the vector's, the gradient the latent's.
        Quantized = is_grad_enabled() ? Arithmetic.Plus(latents, fixedVectors - fixedLatents).MoveToOuterDisposeScope() : vectors.alias().MoveToOuterDisposeScope();
    }

    /// <summary>The nearest vectors, <c>[N, C, h, w]</c>; gradients pass to the latents as if nothing had been replaced.</summary>
    public Tensor Quantized { get; }

    /// <summary>The vectors' indices, <c>[N, h, w]</c>, int64.</summary>
    public Tensor Indices { get; }

    /// <summary>The mean of (sg(e) − z)², which draws latents to their vectors; <c>[]</c>.</summary>
    public Tensor CommitmentLoss { get; }

    /// <summary>The mean of (e − sg(z))², which draws vectors to their latents; <c>[]</c>.</summary>
    public Tensor CodebookLoss { get; }

    /// <summary>
    /// The loss that diffusers gives: commitment + ¼ codebook, <c>[]</c>. The paper (eq. 3) weighs them the other way round, codebook + ¼
    /// commitment; the code of VQGAN, which diffusers keeps, has them exchanged.
    /// </summary>
    /// <returns>A new tensor.</returns>
    public Tensor Loss()
    {
        using var lesser = Arithmetic.Times(CodebookLoss, Beta);

        return Arithmetic.Plus(CommitmentLoss, lesser);
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Quantized.Dispose();
        Indices.Dispose();
        CommitmentLoss.Dispose();
        CodebookLoss.Dispose();
    }
}
