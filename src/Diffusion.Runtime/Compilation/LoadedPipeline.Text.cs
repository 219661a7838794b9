using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

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
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">DIF0104: the pipeline takes no text. DIF0105: a count below 1. DIF0240 to DIF0242: the prompt is not of the grammar. DIF0438: the size is unknown.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(string prompt, int count = 1, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sampled(OfPrompts(Repeated(prompt, count), Seeds(seed, count), batch, "generate"), progress, cancellation);

    /// <summary>Generates one picture for each prompt. Picture i has the seed <paramref name="seed"/> + i.</summary>
    /// <param name="prompts">What each is to show, at least one.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(IEnumerable<string> prompts, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Prompt[] given = [.. prompts.Select(Prompt.Of)];
        return Sampled(OfPrompts(given, Seeds(seed, given.Length), batch, "generate"), progress, cancellation);
    }

    /// <summary>Pictures of a prompt, on another thread.</summary>
    /// <param name="prompt">What they are to show.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
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
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">DIF0410: a picture has another size or other channels; otherwise as <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages GenerateFrom(IEnumerable<Image> images, string prompt, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Image[] given = [.. images];
        return Sampled(OfPictures(given, Repeated(prompt, given.Length), Seeds(seed, given.Length), batch, "generate"), progress, cancellation);
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
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">DIF0410: picture or mask has another size; otherwise as <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Inpaint(Image image, Image mask, string prompt, int count = 1, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sampled(OfMask(image, mask, Repeated(prompt, count), Seeds(seed, count), batch, "generate"), progress, cancellation);
}
