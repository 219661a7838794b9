using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Kernels;
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
    // Of so many windows of a picture the one with the greatest variance is taken: where nothing is, nothing is learnt.
    private const int Windows = 4;

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

    /// <summary>
    /// The side of windows that are learnt in the place of most pictures, divisible by eight times the autoencoder's factor; null: whole pictures alone. A convolutional network learns
    /// the same from windows where something is, at a fraction of the cost. Every <see cref="WholeEvery"/>th batch is one of whole pictures, as many fewer as they are larger.
    /// </summary>
    public int? Window { get; init; }

    /// <summary>How many batches there are to one of whole pictures, at least 1.</summary>
    public int WholeEvery { get; init; } = 4;

    /// <inheritdoc/>
    public override nn.Module Model => model;

    /// <summary>The noise of the latents, <c>[N, C, h, w]</c>, and where windows lie, in shares of what is free, <c>[N, 4, 2]</c>; the first picture's number says whether it is a batch of windows, <c>[N]</c>.</summary>
    /// <param name="shape">The shape of all pictures of the step.</param>
    /// <param name="random">Where random numbers come from.</param>
    public override IReadOnlyList<Tensor> Draw(long[] shape, Generator random)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var factor = model.Config.Factor;
        return
        [
            randn([shape[0], model.Config.LatentChannels, shape[2] / factor, shape[3] / factor], generator: random),
            rand([shape[0], Windows, 2], generator: random),
            rand([shape[0]], generator: random),
        ];
    }

    /// <inheritdoc/>
    public override Tensor Loss(ImageBatch batch, IReadOnlyList<Tensor> draws)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(draws);
        var images = (Window is { } side && draws[2][0].item<float>() * WholeEvery >= 1 ? Cut(batch.Images, draws[1], side) : Whole(batch.Images)).to(model.Device);
        Keep(images);
        var noise = draws[0].narrow(0, 0, images.shape[0]).narrow(2, 0, images.shape[2] / model.Config.Factor).narrow(3, 0, images.shape[3] / model.Config.Factor);
        using var latents = model.Encode(images);
        var difference = model.Decode(latents.Sample(noise.to(model.Device))) - images;
        var numbers = images.shape[1..].Aggregate((product, size) => product * size);
        var seen = Arithmetic.Plus(difference.abs().mean(), Arithmetic.Times(LaplacianPyramid.Distance(difference), perceptual));
        return Arithmetic.Plus(seen, Arithmetic.Times(latents.Kl().mean(), divergence / numbers));
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
        return [.. Image.FromBatch(Arithmetic.Clamped(cat([some, model.Decode(latents.Mode)], 0), -1, 1))];
    }

    /// <inheritdoc/>
    public override void SavePretrained(string folder) => model.SavePretrained(folder);

    /// <inheritdoc/>
    public override void Dispose()
    {
        shown?.Dispose();
        model.Dispose();
    }

    // As many whole pictures as cost what windows of all cost.
    private Tensor Whole(Tensor pictures)
    {
        var share = Window is { } side ? (double)(side * side) / (pictures.shape[2] * pictures.shape[3]) : 1;
        return pictures.narrow(0, 0, Math.Max(1, (long)(pictures.shape[0] * share)));
    }

    private Tensor Cut(Tensor pictures, Tensor places, int side)
    {
        var shares = places.data<float>().ToArray();
        return cat([.. Enumerable.Range(0, (int)pictures.shape[0]).Select(i => Enumerable.Range(0, Windows).Select(window => Place(i, window)).MaxBy(window => window.var().item<float>())!)], 0);

        Tensor Place(int i, int window)
        {
            var at = ((i * Windows) + window) * 2;
            return pictures.narrow(0, i, 1).narrow(2, Start(shares[at], pictures.shape[2]), side).narrow(3, Start(shares[at + 1], pictures.shape[3]), side);
        }

        // On the grid of the latents, so that pictures and windows are cut alike.
        long Start(float share, long size) => (long)(share * (((size - side) / model.Config.Factor) + 1)) * model.Config.Factor;
    }

    private void Keep(Tensor images)
    {
        shown?.Dispose();
        shown = images.detach().clone().DetachFromDisposeScope();
    }
}
