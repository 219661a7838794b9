using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Trains an <see cref="AutoencoderKL"/>: L1 between a picture and what is decoded from a draw of its latents, a perceptual term, and a little of the
/// divergence from N(0, I). Kingma and Welling (2013), arXiv:1312.6114; Rombach et al. (2021), arXiv:2112.10752, section 3.1, without the discriminator.
/// </summary>
/// <remarks>
/// The perceptual term is the L1 distance of the Laplacian pyramids (<see cref="LaplacianPyramid"/>): it needs no trained network, and counts edges that a
/// plain mean hides. Divergence is counted per number of a picture, so that its weight means the same at every size.
/// </remarks>
public sealed class AutoencoderTask : TrainingTask
{
    private readonly AutoencoderKL model;
    private readonly double perceptual;
    private readonly double divergence;
    private Tensor? shown;

    /// <summary>A task.</summary>
    /// <param name="model">The autoencoder, float32, on the CPU or another device; the task disposes it.</param>
    /// <param name="perceptual">The weight of the perceptual term, at least 0.</param>
    /// <param name="divergence">The weight of the divergence, at least 0: little keeps the latents sharp, much makes them smooth.</param>
    public AutoencoderTask(AutoencoderKL model, double perceptual = 1, double divergence = 1e-3)
    {
        ArgumentNullException.ThrowIfNull(model);
        (this.model, this.perceptual, this.divergence) = (model, perceptual, divergence);
        model.train();
    }

    /// <inheritdoc/>
    public override nn.Module Model => model;

    /// <summary>The noise of the latents, <c>[N, C, h, w]</c>.</summary>
    /// <param name="shape">The shape of all pictures of the step.</param>
    /// <param name="random">Where random numbers come from.</param>
    public override IReadOnlyList<Tensor> Draw(long[] shape, Generator random)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var factor = model.Config.Factor;
        return [randn([shape[0], model.Config.LatentChannels, shape[2] / factor, shape[3] / factor], generator: random)];
    }

    /// <inheritdoc/>
    public override Tensor Loss(ImageBatch batch, IReadOnlyList<Tensor> draws)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(draws);
        var images = batch.Images.to(model.Device);
        Keep(images);
        using var latents = model.Encode(images);
        var difference = model.Decode(latents.Sample(draws[0].to(model.Device))) - images;
        var numbers = images.shape[1..].Aggregate((product, size) => product * size);
        return difference.abs().mean() + (perceptual * LaplacianPyramid.Distance(difference)) + (divergence / numbers * latents.Kl().mean());
    }

    /// <summary>The first pictures of the last batch, each above what the autoencoder makes of it.</summary>
    /// <param name="count">How many pictures, both kinds together.</param>
    /// <param name="seed">Not used: the most likely latents are decoded.</param>
    /// <param name="scheduler">Not used.</param>
    public override IReadOnlyList<Image>? Sample(int count, long seed, Scheduler scheduler)
    {
        if (shown is null)
            return null;

        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var some = shown.narrow(0, 0, Math.Min(shown.shape[0], Math.Max(1, count / 2)));
        using var latents = model.Encode(some);
        return [.. Image.FromBatch(cat([some, model.Decode(latents.Mode)], 0).clamp(-1, 1))];
    }

    /// <inheritdoc/>
    public override void SavePretrained(string folder) => model.SavePretrained(folder);

    /// <inheritdoc/>
    public override void Dispose()
    {
        shown?.Dispose();
        model.Dispose();
    }

    private void Keep(Tensor images)
    {
        shown?.Dispose();
        shown = images.detach().clone().DetachFromDisposeScope();
    }
}
