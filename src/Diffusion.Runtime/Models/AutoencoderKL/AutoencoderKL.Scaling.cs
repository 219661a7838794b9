using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class AutoencoderKL
{
    /// <summary>
    /// The latents as a diffusion model sees them, with about unit variance: (z − shift) · scaling_factor, or (z − mean) · scaling_factor / std for
    /// each channel where the configuration has latents_mean and latents_std.
    /// </summary>
    /// <param name="latents">The encoder's latents, <c>[N, C, h, w]</c>.</param>
    /// <returns><c>[N, C, h, w]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: the latents have the wrong shape.</exception>
    public Tensor Scale(Tensor latents)
    {
        AutoencoderInputs.CheckLatents(_layout, latents, Config.LatentChannels);
        using var scope = NewDisposeScope();
        var centred = Config.LatentsMean.IsEmpty ? Arithmetic.Plus(latents, -(Config.ShiftFactor ?? 0)) : latents - Channels(latents, mean => mean, Config.LatentsMean);

        return (Config.LatentsStd.IsEmpty ? Arithmetic.Times(centred, Config.ScalingFactor) : centred * Channels(latents, std => Config.ScalingFactor / std, Config.LatentsStd)).MoveToOuterDisposeScope();
    }

    /// <summary>The encoder's latents again, for <see cref="Decode"/>: the reverse of <see cref="Scale"/>.</summary>
    /// <param name="latents">The latents of a diffusion model, <c>[N, C, h, w]</c>.</param>
    /// <returns><c>[N, C, h, w]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: the latents have the wrong shape.</exception>
    public Tensor Unscale(Tensor latents)
    {
        AutoencoderInputs.CheckLatents(_layout, latents, Config.LatentChannels);
        using var scope = NewDisposeScope();
        var spread = Config.LatentsStd.IsEmpty ? Arithmetic.Over(latents, Config.ScalingFactor) : latents * Channels(latents, std => std / Config.ScalingFactor, Config.LatentsStd);

        return (Config.LatentsMean.IsEmpty ? Arithmetic.Plus(spread, Config.ShiftFactor ?? 0) : Arithmetic.Plus(spread, Channels(latents, mean => mean, Config.LatentsMean))).MoveToOuterDisposeScope();
    }

    private static Tensor Channels(Tensor like, Func<double, double> value, EquatableArray<double> values) =>
        tensor(values.Select(value).ToArray(), [1, values.Count, 1, 1]).to(like.dtype, like.device);
}
