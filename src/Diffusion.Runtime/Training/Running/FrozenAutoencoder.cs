using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Training;

/// <summary>The autoencoder whose latents a denoising training learns, and does not change.</summary>
internal sealed class FrozenAutoencoder(AutoencoderKL vae) : IDisposable
{
    /// <summary>The autoencoder that a training names, in bfloat16 where its passes are, else in float32: autoencoders overflow in float16. Null: it learns pixels.</summary>
    public static FrozenAutoencoder? Load(Dsl.Training training, Device place) => training.Autoencoder is { } autoencoder
        ? new(NetworkLoader.Vae(autoencoder, training.ComputePrecision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32, place, WeightMemory.Copied))
        : null;

    /// <summary>Channels of the latents.</summary>
    public long Channels => vae.Config.LatentChannels;

    /// <summary>The shape of the latents of pictures, <c>[N, C, H, W]</c> each.</summary>
    public long[] Shape(long[] pictures) => [pictures[0], Channels, pictures[2] / vae.Config.Factor, pictures[3] / vae.Config.Factor];

    /// <summary>Draws of the pictures' latents, scaled, in float32.</summary>
    public Tensor Encode(Tensor pictures, Tensor noise)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var encoded = vae.Encode(pictures.to(vae.DType));
        using var latents = new DiagonalGaussian(encoded.Moments.to(ScalarType.Float32));
        return vae.Scale(latents.Sample(noise.to(pictures.device))).MoveToOuterDisposeScope();
    }

    public void Dispose() => vae.Dispose();
}
