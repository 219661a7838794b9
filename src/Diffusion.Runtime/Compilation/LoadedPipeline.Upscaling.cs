using System;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <content>Large pictures of small ones.</content>
public sealed partial class LoadedPipeline
{
    /// <summary>
    /// Makes a small picture larger by the autoencoder's factor, as a prompt says, with a UNet that reads the small picture (7 input channels) and how noisy it is (a table
    /// of classes). Result i has the seed <paramref name="seed"/> + i, of whose generator the noise on the small picture is the first draw.
    /// Parity target: diffusers' <c>StableDiffusionUpscalePipeline</c>.
    /// </summary>
    /// <param name="image">The small picture, in colour, of any size: results are larger by the factor, 4 in the published model, whatever size the pipeline says.</param>
    /// <param name="prompt">What it shows.</param>
    /// <param name="noiseLevel">The training timestep of the noise that the small picture gets, 0 to 350 in the published model: the more, the freer the network is.</param>
    /// <param name="count">How many results, at least 1.</param>
    /// <param name="seed">The seed of the first result.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">
    /// DIF0440: the UNet reads no small picture. DIF0442: the network does not know such a noise level. DIF0410: the picture is not in colour; otherwise as
    /// <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Upscale(Image image, string prompt, int noiseLevel = 20, int count = 1, long seed = 0, int batch = 1, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sampled(OfSmall(image, noiseLevel, Repeated(prompt, count), Seeds(seed, count), batch, "generate"), progress, cancellation);
}
