using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;
using TorchSharp;

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
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="DiffusionException">
    /// DIF0440: the UNet reads no small picture. DIF0442: the network does not know such a noise level. DIF0410: the picture is not in colour; otherwise as
    /// <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Upscale(Image image, string prompt, int noiseLevel = 20, int count = 1, long seed = 0, int batch = 1, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        var prompts = Prompts(Enumerable.Repeat(prompt, Math.Max(count, 0)), batch);
        CheckStart();
        var upscaler = Compiled.Resolved.Facts.Upscaler;
        if (noiseLevel < 0 || noiseLevel > upscaler.MaxNoiseLevel)
        {
            throw Rules.NoiseLevelOutOfRange.Error(noiseLevel, Compiled.Definition.UnetModel?.Source, upscaler.MaxNoiseLevel);
        }

        if (image.Channels != SmallChannels)
        {
            throw Rules.InputShape.Error("the picture", FormattableString.Invariant($"[{image.Channels}, {image.Height}, {image.Width}]"), nameof(Upscale), "[3, H, W]", "convert its channels");
        }

        using var scope = torch.NewDisposeScope();
        var small = Image.ToBatch([image]).expand(count, SmallChannels, image.Height, image.Width);
        var level = NoiseLevel.OfAlphaBar(upscaler.Noise.Curve().AlphaBar(noiseLevel));
        var labels = new Conditions(Enumerable.Repeat(noiseLevel, count).ToEquatableArray());
        return Sampled(new GenerationRequest(Seeds(seed, count), batch) { Prompts = prompts, Small = small, SmallNoise = level, Labels = labels }, progress, cancellation);
    }
}
