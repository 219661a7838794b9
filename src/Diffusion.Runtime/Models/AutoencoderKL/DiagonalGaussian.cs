using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>
/// What a variational encoder says of images: each latent number has a normal distribution of its own (Kingma and Welling 2013, arXiv:1312.6114).
/// Gradients go through everything. Parity target: <c>DiagonalGaussianDistribution</c> of diffusers 0.30.3.
/// </summary>
public sealed class DiagonalGaussian : IDisposable
{
    private const double LowestLogVariance = -30;
    private const double HighestLogVariance = 20;

    /// <summary>The distribution of an encoder's output.</summary>
    /// <param name="moments">Means and, behind them, logarithms of variances, <c>[N, 2C, h, w]</c>; taken over. The logarithms are clamped to [−30, 20].</param>
    /// <exception cref="DiffusionException">DIF0410: the number of channels is odd, or it is no batch.</exception>
    public DiagonalGaussian(Tensor moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        if (moments.dim() < 2 || moments.Sizes()[1] == 0 || moments.Sizes()[1] % 2 != 0)
            throw Rules.InputShape.Error("the tensor of moments", UNet2DModel.Shape(moments), nameof(DiagonalGaussian), "[N, 2C, …]", "give a mean and a logarithm of the variance for each channel");

        Moments = moments;
        var channels = moments.Sizes()[1] / 2;
        Mean = moments.narrow(1, 0, channels);
        using var logarithms = moments.narrow(1, channels, channels);
        LogVariance = Arithmetic.Clamped(logarithms, LowestLogVariance, HighestLogVariance);
        using var half = Arithmetic.Times(LogVariance, 0.5);
        StandardDeviation = half.exp();
    }

    /// <summary>The encoder's output as it came, <c>[N, 2C, h, w]</c>.</summary>
    public Tensor Moments { get; }

    /// <summary>The means, <c>[N, C, h, w]</c>.</summary>
    public Tensor Mean { get; }

    /// <summary>The logarithms of the variances, in [−30, 20], <c>[N, C, h, w]</c>.</summary>
    public Tensor LogVariance { get; }

    /// <summary>The standard deviations, <c>[N, C, h, w]</c>.</summary>
    public Tensor StandardDeviation { get; }

    /// <summary>The most likely latents, which are the means; this object disposes them.</summary>
    public Tensor Mode => Mean;

    /// <summary>Latents drawn with given noise: mean + deviation · z.</summary>
    /// <param name="noise">z ~ N(0, I), <c>[N, C, h, w]</c>, of the moments' type and device.</param>
    /// <returns><c>[N, C, h, w]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: the noise has another shape.</exception>
    public Tensor Sample(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (!noise.Sizes().SequenceEqual(Mean.Sizes()))
            throw Rules.InputShape.Error("the noise", UNet2DModel.Shape(noise), "this distribution", UNet2DModel.Shape(Mean), "draw one number for each latent number");

        using var scaled = StandardDeviation * noise;

        return Arithmetic.Plus(Mean, scaled);
    }

    /// <summary>Latents drawn with seeds, on the CPU: picture i has the seed <paramref name="seed"/> + i, whatever else is in the batch.</summary>
    /// <param name="seed">The seed of the first picture; the numbers are those of <c>torch.Generator().manual_seed(seed)</c> in Python.</param>
    /// <returns><c>[N, C, h, w]</c>.</returns>
    public Tensor Sample(long seed)
    {
        using var scope = NewDisposeScope();
        long[] shape = [1, .. Mean.Sizes()[1..]];
        var rows = Enumerable.Range(0, (int)Mean.Sizes()[0]).Select(i =>
        {
            using var generator = new Generator(unchecked((ulong)(seed + i)));
            return randn(shape, generator: generator);
        });

        return Sample(cat([.. rows], 0).to(Mean.dtype, Mean.device)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The Kullback–Leibler divergence from N(0, I) of each picture: ½ Σ (mean² + variance − 1 − ln variance), in nats (arXiv:1312.6114, appendix B).
    /// </summary>
    /// <returns><c>[N]</c>.</returns>
    public Tensor Kl()
    {
        using var scope = NewDisposeScope();
        var each = Arithmetic.Plus(Arithmetic.Plus(Arithmetic.Square(Mean), LogVariance.exp()), -1) - LogVariance;

        return Arithmetic.Times(each.flatten(1).sum(1), 0.5).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        StandardDeviation.Dispose();
        LogVariance.Dispose();
        Mean.Dispose();
        Moments.Dispose();
    }
}
