using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>
/// The corruption of the diffusion course (unit 1, "from scratch"): a picture in [0, 1] is mixed with uniform noise,
/// x (1 − a) + a u with u ~ U(0, 1). No noise schedule, no variance to keep: what <see cref="BasicUNet"/> learns to undo.
/// </summary>
public static class NaiveCorruption
{
    /// <summary>Mixes with given noise.</summary>
    /// <param name="clean">x, <c>[N, …]</c>, floating point, range [0, 1].</param>
    /// <param name="noise">u, of the clean sample's shape, range [0, 1).</param>
    /// <param name="amount">a, <c>[N]</c> or one for all <c>[]</c>: 0 leaves the picture, 1 leaves noise alone.</param>
    /// <returns>A new tensor of the clean sample's shape.</returns>
    /// <exception cref="DiffusionException">DIF0410: shapes do not match.</exception>
    public static Tensor Apply(Tensor clean, Tensor noise, Tensor amount)
    {
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(amount);
        if (!noise.Sizes().SequenceEqual(clean.Sizes()))
            throw Rules.InputShape.Error("the noise", Shape(noise), "the corruption", Shape(clean), "draw noise of the clean sample's shape");

        if (amount.dim() > 1 || (amount.dim() == 1 && amount.Sizes()[0] != clean.Sizes()[0]))
            throw Rules.InputShape.Error("the tensor of amounts", Shape(amount), "the corruption", $"[] or [{clean.Sizes()[0]}]", "give one amount, or one for each sample");

        using var scope = NewDisposeScope();
        var share = amount.dim() == 0 ? amount : amount.view([-1, .. Enumerable.Repeat(1L, (int)clean.dim() - 1)]);
        return Arithmetic.Plus(clean * Arithmetic.FromOne(share), noise * share).MoveToOuterDisposeScope();
    }

    /// <summary>Mixes with noise of a generator.</summary>
    /// <param name="clean">x, <c>[N, …]</c>, float32 on the CPU, range [0, 1].</param>
    /// <param name="amount">a, <c>[N]</c> or one for all <c>[]</c>: 0 leaves the picture, 1 leaves noise alone.</param>
    /// <param name="random">Where the noise comes from.</param>
    /// <returns>A new tensor of the clean sample's shape.</returns>
    /// <exception cref="DiffusionException">DIF0410: shapes do not match.</exception>
    public static Tensor Apply(Tensor clean, Tensor amount, Generator random)
    {
        ArgumentNullException.ThrowIfNull(clean);
        using var noise = rand(clean.Sizes(), generator: random);
        return Apply(clean, noise, amount);
    }

    private static string Shape(Tensor tensor) => "[" + string.Join(", ", tensor.Sizes()) + "]";
}
