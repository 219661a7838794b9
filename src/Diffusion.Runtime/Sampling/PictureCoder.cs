using System;
using System.Collections.Generic;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>Between pictures and x: the same numbers where the network works on pixels, latents where there is an autoencoder. Threads may share it.</summary>
/// <param name="stage">The autoencoder, which stays its owner's and is used for one call at a time; null: the network works on pixels.</param>
/// <param name="config">What it was built from; null without one.</param>
/// <param name="memory">How it goes about large pictures; null: each as a whole.</param>
/// <param name="device">Where x is.</param>
/// <param name="entered">Told, when its weights are there, what they are for: encode or decode.</param>
internal sealed class PictureCoder(Stage<AutoencoderKL>? stage, AutoencoderKLConfig? config, VaeMemory? memory, torch.Device device, Action<string> entered)
{
    private readonly Lock _fitting = new();
    private LatentColors? _colors;

    /// <summary>Whether x is made of latents.</summary>
    public bool IsLatent => stage is not null;

    /// <summary>Where x is.</summary>
    public torch.Device Device => device;

    /// <summary>By how much pictures shrink on each side.</summary>
    public int Factor => config?.Factor ?? 1;

    /// <summary>Pictures as the network works on them: latents are drawn from their distribution.</summary>
    /// <param name="pictures"><c>[N, C, H, W]</c> in [−1, 1].</param>
    /// <param name="noise">Where z comes from.</param>
    /// <param name="cancellation">Checked between the encoder's blocks.</param>
    /// <returns>A new tensor, or <paramref name="pictures"/> itself.</returns>
    public Tensor Encode(Tensor pictures, INoiseSource noise, CancellationToken cancellation)
    {
        if (stage is null)
        {
            return pictures.to(device);
        }

        using var lease = stage.Use();
        entered("encode");
        var vae = lease.Network;
        using var scope = torch.NewDisposeScope();
        using var posterior = vae.Encode(pictures.to(vae.DType, vae.Device), memory, cancellation);
        var z = noise.Draw(posterior.Mean.shape).to(vae.DType);
        return vae.Scale(posterior.Sample(z)).to(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The pictures of x.</summary>
    /// <param name="x"><c>[N, C, h, w]</c>, float32 on any device; left as it is.</param>
    /// <param name="cancellation">Checked between the decoder's blocks.</param>
    /// <param name="progress">Told before and after every picture that is decoded; null: nobody is.</param>
    public IReadOnlyList<Image> Decode(Tensor x, CancellationToken cancellation, ProgressTracker? progress = null)
    {
        if (stage is null)
        {
            return Image.FromBatch(x);
        }

        using var lease = stage.Use();
        entered("decode");
        var vae = lease.Network;
        using var gradients = torch.no_grad();
        var images = new List<Image>((int)x.shape[0]);
        for (var i = 0; i < x.shape[0]; i++)
        {
            // One picture at a time: decoding is where memory peaks.
            cancellation.ThrowIfCancellationRequested();
            progress?.Decodes();
            using var picture = torch.NewDisposeScope();
            images.Add(Image.FromTensor(Decoded(vae, x.narrow(0, i, 1).to(vae.Device), cancellation)));
            progress?.HasDecoded();
        }

        return images;
    }

    // Activations of some autoencoders are beyond what float16 holds: such a picture is decoded again in float32.
    private Tensor Decoded(AutoencoderKL vae, Tensor x, CancellationToken cancellation)
    {
        var latents = vae.Unscale(x);
        var picture = vae.Decode(latents.to(vae.DType), memory, cancellation);
        if (vae.DType == torch.ScalarType.Float32 || picture.isfinite().all().item<bool>() || !x.isfinite().all().item<bool>())
        {
            return picture;
        }

        using var wide = vae.Widened();
        return wide.Decode(latents, memory, cancellation);
    }

    /// <summary>What pictures of latents look like, as large as these: fitted when first asked for, then three numbers a pixel.</summary>
    /// <param name="x">Latents, <c>[N, C, h, w]</c>.</param>
    public IReadOnlyList<Image> Sketch(HeldSample x)
    {
        lock (_fitting)
        {
            if (_colors is null)
            {
                using var lease = stage!.Use();
                _colors = LatentColors.Fit(lease.Network);
            }
        }

        return _colors.Of(x);
    }
}
