using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <content>Pictures of prompts.</content>
public sealed partial class LoadedPipeline
{
    // As many latents at once as a desktop's memory holds in comfort.
    private const int PromptBatch = 4;

    /// <summary>Generates pictures of a prompt. Picture i has the seed <paramref name="seed"/> + i and is the same when generated alone with it.</summary>
    /// <param name="prompt">What they are to show, in the grammar of the pipeline's text model.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="DiffusionException">DIF0104: the pipeline takes no text. DIF0105: a count below 1. DIF0240 to DIF0242: the prompt is not of the grammar. DIF0438: the size is unknown.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(string prompt, int count = 1, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Generate(Enumerable.Repeat(prompt, Math.Max(count, 0)), seed, batch, progress, cancellation);

    /// <summary>Generates one picture for each prompt. Picture i has the seed <paramref name="seed"/> + i.</summary>
    /// <param name="prompts">What each is to show, at least one.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="DiffusionException">As <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(IEnumerable<string> prompts, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var given = Prompts(prompts, batch);
        CheckStart();
        return Sampled(new GenerationRequest(Seeds(seed, given.Length), batch) { Prompts = given }, progress, cancellation);
    }

    /// <summary>Pictures of a prompt, on another thread.</summary>
    /// <param name="prompt">What they are to show.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    public Task<GeneratedImages> GenerateAsync(string prompt, int count = 1, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Generate(prompt, count, seed, batch, progress, cancellation), cancellation);

    /// <summary>
    /// Generates a picture of a prompt from each picture: it is encoded, gets the noise of the pipeline's first step (see <see cref="Pipeline.Strength"/>), and is
    /// denoised from there.
    /// </summary>
    /// <param name="images">The pictures, all of the pipeline's size, in colour.</param>
    /// <param name="prompt">What all are to show.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="DiffusionException">DIF0410: a picture has another size or other channels; otherwise as <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages GenerateFrom(IEnumerable<Image> images, string prompt, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var given = images.ToArray();
        var prompts = Prompts(Enumerable.Repeat(prompt, given.Length), batch);
        using var pictures = Pictures(given);
        return Sampled(new GenerationRequest(Seeds(seed, given.Length), batch) { Prompts = prompts, Pictures = pictures, From = [.. given.Select(image => image.Hash())] }, progress, cancellation);
    }

    /// <summary>
    /// Makes a part of a picture new, as a prompt says. Where the mask is dark the result's pixels are the picture's own. UNets with 9 input channels read mask and
    /// masked picture themselves; with others what is kept is put back behind every step.
    /// </summary>
    /// <param name="image">The picture, of the pipeline's size, in colour.</param>
    /// <param name="mask">As large: light where the picture is made new.</param>
    /// <param name="prompt">What is to be there.</param>
    /// <param name="count">How many results, at least 1.</param>
    /// <param name="seed">The seed of the first result.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="DiffusionException">DIF0410: picture or mask has another size; otherwise as <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Inpaint(Image image, Image mask, string prompt, int count = 1, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(mask);
        var prompts = Prompts(Enumerable.Repeat(prompt, Math.Max(count, 0)), batch);
        return Inpainted(image, mask, prompts, Seeds(seed, count), batch, progress, cancellation);
    }

    private GeneratedImages Inpainted(Image image, Image mask, Prompt[] prompts, long[] seeds, int batch, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        if (mask.Width != image.Width || mask.Height != image.Height)
        {
            throw Rules.InputShape.Error("the mask", FormattableString.Invariant($"{mask.Width} by {mask.Height}"), "the picture", FormattableString.Invariant($"{image.Width} by {image.Height}"), "resize the mask");
        }

        using var scope = torch.NewDisposeScope();
        using var pictures = Pictures([.. Enumerable.Repeat(image, seeds.Length)]);
        var light = (Image.ToBatch([mask]).mean([1], keepdim: true) >= 0).to(torch.ScalarType.Float32);
        var request = new GenerationRequest(seeds, batch)
        {
            Prompts = prompts,
            Pictures = pictures,
            Mask = light.expand(seeds.Length, 1, image.Height, image.Width),
            From = [.. seeds.Select(_ => image.Hash())],
            MaskHash = mask.Hash(),
        };
        var made = Sampled(request, progress, cancellation);
        return new GeneratedImages(made.Select(result => image.With(result, light)), made.Seeds) { Warnings = made.Warnings };
    }

    private Prompt[] Prompts(IEnumerable<string> prompts, int batch) => Prompts(prompts.Select(Prompt.Of), batch);

    // Of the pipeline's size: [N, C, H, W] in [−1, 1].
    private Tensor Pictures(IReadOnlyCollection<Image> images)
    {
        var pictures = Image.ToBatch(images);
        var x = Shape(images.Count);
        long[] needed = _models.Vae is { } vae ? [x[0], vae.Config.InChannels, x[2] * Factor, x[3] * Factor] : x;
        if (pictures.shape.SequenceEqual(needed))
        {
            return pictures;
        }

        using (pictures)
        {
            throw Rules.InputShape.Error("the batch of pictures", "[" + string.Join(", ", pictures.shape) + "]", "the network", "[" + string.Join(", ", needed) + "]", "resize the pictures or convert their channels");
        }
    }
}
