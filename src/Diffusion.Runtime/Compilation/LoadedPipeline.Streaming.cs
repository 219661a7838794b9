using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <content>Pictures step by step.</content>
public sealed partial class LoadedPipeline
{
    /// <summary>
    /// Generates pictures without a prompt and shows every step. All are sampled in one batch; the last step's <see cref="StreamedStep.X"/> are what
    /// <see cref="Generate(int, long, int, int?, IProgress{SamplingProgress}?, CancellationToken)"/> gives. Who stops asking ends the run, and nothing stays allocated.
    /// </summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="cancellation">Checked before every step and between the network's blocks.</param>
    /// <param name="label">The class that all pictures show, where the network knows classes.</param>
    /// <exception cref="DiffusionException">As <see cref="Generate(int, long, int, int?, IProgress{SamplingProgress}?, CancellationToken)"/>, at once.</exception>
    /// <exception cref="OperationCanceledException">From the enumeration: it was cancelled; nothing stays allocated.</exception>
    public IAsyncEnumerable<StreamedStep> Stream(int count = 1, long seed = 0, CancellationToken cancellation = default, int? label = null) =>
        Streamed(OfLabels(label, Seeds(seed, count), count, "stream"), cancellation);

    /// <summary>Generates pictures of a prompt and shows every step, in one batch; otherwise as <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</summary>
    /// <param name="prompt">What they are to show, in the grammar of the pipeline's text model.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As Generate: at once where the call does not fit the pipeline, from the enumeration where the prompt is not of the grammar.</exception>
    /// <exception cref="OperationCanceledException">From the enumeration: it was cancelled; nothing stays allocated.</exception>
    public IAsyncEnumerable<StreamedStep> Stream(string prompt, int count = 1, long seed = 0, CancellationToken cancellation = default) =>
        Streamed(OfPrompts(Repeated(prompt, count), Seeds(seed, count), count, "stream"), cancellation);

    /// <summary>Generates pictures from pictures and shows every step, in one batch; otherwise as <see cref="GenerateFrom(IEnumerable{Image}, long, int, int?, IProgress{SamplingProgress}?, CancellationToken)"/>.</summary>
    /// <param name="images">The pictures, all of the network's size and channels.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="cancellation">Checked before every step and between the network's blocks.</param>
    /// <param name="label">The class that all pictures are to show, where the network knows classes.</param>
    /// <exception cref="DiffusionException">As GenerateFrom.</exception>
    /// <exception cref="OperationCanceledException">From the enumeration: it was cancelled; nothing stays allocated.</exception>
    public IAsyncEnumerable<StreamedStep> StreamFrom(IEnumerable<Image> images, long seed = 0, CancellationToken cancellation = default, int? label = null)
    {
        Image[] given = [.. images];
        return Streamed(OfPictures(given, label, Seeds(seed, given.Length), given.Length, "stream"), cancellation);
    }

    /// <summary>Generates a picture of a prompt from each picture and shows every step, in one batch; otherwise as <see cref="GenerateFrom(IEnumerable{Image}, string, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</summary>
    /// <param name="images">The pictures, all of the pipeline's size, in colour.</param>
    /// <param name="prompt">What all are to show.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As GenerateFrom.</exception>
    /// <exception cref="OperationCanceledException">From the enumeration: it was cancelled; nothing stays allocated.</exception>
    public IAsyncEnumerable<StreamedStep> StreamFrom(IEnumerable<Image> images, string prompt, long seed = 0, CancellationToken cancellation = default)
    {
        Image[] given = [.. images];
        return Streamed(OfPictures(given, Repeated(prompt, given.Length), Seeds(seed, given.Length), given.Length, "stream"), cancellation);
    }

    /// <summary>Makes a part of a picture new and shows every step, in one batch; otherwise as <see cref="Inpaint"/>. In full pictures what is kept is the picture's own, in small previews it is not put back.</summary>
    /// <param name="image">The picture, of the pipeline's size, in colour.</param>
    /// <param name="mask">As large: light where the picture is made new.</param>
    /// <param name="prompt">What is to be there.</param>
    /// <param name="count">How many results, at least 1.</param>
    /// <param name="seed">The seed of the first result.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As Inpaint.</exception>
    /// <exception cref="OperationCanceledException">From the enumeration: it was cancelled; nothing stays allocated.</exception>
    public IAsyncEnumerable<StreamedStep> StreamInpaint(Image image, Image mask, string prompt, int count = 1, long seed = 0, CancellationToken cancellation = default) =>
        Streamed(OfMask(image, mask, Repeated(prompt, count), Seeds(seed, count), count, "stream"), cancellation);

    /// <summary>Generates one picture for each prompt, with what is its own, and shows every step, in one batch; otherwise as <see cref="Generate(IEnumerable{Prompt}, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</summary>
    /// <param name="prompts">At least one.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As Generate: at once where the call does not fit the pipeline, from the enumeration where a prompt is not of the grammar.</exception>
    /// <exception cref="OperationCanceledException">From the enumeration: it was cancelled; nothing stays allocated.</exception>
    public IAsyncEnumerable<StreamedStep> Stream(IEnumerable<Prompt> prompts, CancellationToken cancellation = default)
    {
        Prompt[] given = [.. prompts];
        return Streamed(OfPrompts(given, [.. given.Select(prompt => prompt.Seed)], Math.Max(given.Length, 1), "stream"), cancellation);
    }

    /// <summary>Generates pictures that keep the depth of a picture and shows every step, in one batch; otherwise as <see cref="DepthToImage(Image, Image, string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</summary>
    /// <param name="image">The picture, of the pipeline's size, in colour.</param>
    /// <param name="depth">Its depth, of any size and range: light is near.</param>
    /// <param name="prompt">What all results are to show.</param>
    /// <param name="count">How many results, at least 1.</param>
    /// <param name="seed">The seed of the first result.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As DepthToImage.</exception>
    /// <exception cref="OperationCanceledException">From the enumeration: it was cancelled; nothing stays allocated.</exception>
    public IAsyncEnumerable<StreamedStep> StreamDepthToImage(Image image, Image depth, string prompt, int count = 1, long seed = 0, CancellationToken cancellation = default) =>
        Streamed(OfDepth(image, depth, prompt, count, seed, count, "stream"), cancellation);

    /// <summary>Makes a small picture larger and shows every step, in one batch; otherwise as <see cref="Upscale"/>.</summary>
    /// <param name="image">The small picture, in colour, of any size.</param>
    /// <param name="prompt">What it shows.</param>
    /// <param name="noiseLevel">The training timestep of the noise that the small picture gets.</param>
    /// <param name="count">How many results, at least 1.</param>
    /// <param name="seed">The seed of the first result.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As Upscale.</exception>
    /// <exception cref="OperationCanceledException">From the enumeration: it was cancelled; nothing stays allocated.</exception>
    public IAsyncEnumerable<StreamedStep> StreamUpscale(Image image, string prompt, int noiseLevel = 20, int count = 1, long seed = 0, CancellationToken cancellation = default) =>
        Streamed(OfSmall(image, noiseLevel, Repeated(prompt, count), Seeds(seed, count), count, "stream"), cancellation);
}
