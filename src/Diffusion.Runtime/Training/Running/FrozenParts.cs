using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Training;

/// <summary>The networks that a denoising training uses and does not change: the autoencoder whose latents are learnt, and the encoder of the captions.</summary>
internal sealed class FrozenParts : IDisposable
{
    private readonly AutoencoderKL? vae;
    private readonly ClipTextEncoder? text;
    private readonly ClipLayer layer;

    private FrozenParts(AutoencoderKL? vae, ClipTextEncoder? text, ClipLayer layer) => (this.vae, this.text, this.layer) = (vae, text, layer);

    /// <summary>Whether pictures become latents.</summary>
    public bool HasLatents => vae is not null;

    /// <summary>Whether captions are read.</summary>
    public bool HasText => text is not null;

    /// <summary>The parts that a training names, in bfloat16 where its passes are, else in float32: autoencoders overflow in float16.</summary>
    public static FrozenParts Load(Dsl.Training training, Device place)
    {
        var type = training.ComputePrecision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var vae = training.Autoencoder is { } autoencoder ? NetworkLoader.Vae(autoencoder, type, place, WeightMemory.Copied) : null;
        try
        {
            var text = training.TextEncoder is { } encoder ? NetworkLoader.Text(encoder, type, place, WeightMemory.Copied) : null;
            return new FrozenParts(vae, text, ClipLayer.Skipped(training.TextEncoder?.ClipSkip ?? 0));
        }
        catch
        {
            vae?.Dispose();
            throw;
        }
    }

    /// <summary>The shape of what the network learns.</summary>
    /// <param name="pictures">The shape of the pictures, <c>[N, C, H, W]</c>.</param>
    public long[] Shape(long[] pictures) =>
        vae is null ? pictures : [pictures[0], vae.Config.LatentChannels, pictures[2] / vae.Config.Factor, pictures[3] / vae.Config.Factor];

    /// <summary>The channels of what the network learns.</summary>
    /// <param name="pictures">Those of the pictures.</param>
    public long Channels(long pictures) => vae?.Config.LatentChannels ?? pictures;

    /// <summary>What the network learns of pictures, in float32: draws of their latents, scaled; the pictures themselves without an autoencoder.</summary>
    public Tensor Learnt(Tensor pictures, Tensor? noise)
    {
        if (vae is null)
            return pictures;

        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var encoded = vae.Encode(pictures.to(vae.DType));
        using var latents = new DiagonalGaussian(encoded.Moments.to(ScalarType.Float32));
        return vae.Scale(latents.Sample(noise!.to(pictures.device))).MoveToOuterDisposeScope();
    }

    /// <summary>The captions as the network reads them, <c>[N, L, D]</c>, in the encoder's number format.</summary>
    public Tensor Read(IEnumerable<string> captions)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var ids = TokenTensors.Ids(captions.Select(text!.Tokenizer.Encode));
        using var tokens = text.Model.Embed(ids.to(text.Model.Device));
        return text.Model.Encode(tokens, layer).Values.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        vae?.Dispose();
        text?.Dispose();
    }
}
