using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <content>Pictures that have prompts, seeds and scales of their own, in one batch.</content>
public sealed partial class LoadedPipeline
{
    /// <summary>
    /// Generates one picture for each prompt, with its own seed, negative prompt and guidance scale, in the pipeline's batches. Each is the same as alone, but for rounding.
    /// </summary>
    /// <param name="prompts">At least one.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">
    /// DIF0444: a prompt has a scale, and the pipeline has no guidance. DIF0302: a scale is not finite. Otherwise as
    /// <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(IEnumerable<Prompt> prompts, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Prompt[] given = [.. prompts];
        return Sampled(OfPrompts(given, [.. given.Select(prompt => prompt.Seed)], batch, "generate"), progress, cancellation);
    }

    /// <summary>Generates one picture of a prompt for each seed.</summary>
    /// <param name="prompt">What they are to show, in the grammar of the pipeline's text model.</param>
    /// <param name="seeds">At least one; in any order, and the same seed gives the same picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(string prompt, IEnumerable<long> seeds, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Generate(seeds.Select(seed => Prompt.Of(prompt).WithSeed(seed)), batch, progress, cancellation);

    /// <summary>Generates one picture for each seed, without a prompt.</summary>
    /// <param name="seeds">At least one; in any order, and the same seed gives the same picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="label">The class that all pictures show, where the network knows classes.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">As <see cref="Generate(int, long, int, int?, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(IEnumerable<long> seeds, int batch = LabelBatch, int? label = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sampled(OfLabels(label, [.. seeds], batch, "generate"), progress, cancellation);

    // The scale of each picture, where one has another than the sampler was compiled for; null: all have that one.
    private double[]? OwnScales(IReadOnlyList<Prompt>? prompts)
    {
        if (prompts is null || prompts.All(prompt => prompt.Scale is null))
        {
            return null;
        }

        var cfg = Compiled.Spec.Guiders.OfType<ClassifierFreeGuidance>().FirstOrDefault();
        var compiled = cfg?.Scale ?? 1;
        var scales = prompts.Select(prompt => prompt.Scale ?? compiled).ToArray();
        if (scales.Any(scale => !double.IsFinite(scale)))
        {
            throw Rules.GuidanceScaleNotFinite.Error("a prompt", scales.First(scale => !double.IsFinite(scale)));
        }

        var other = Array.FindIndex(scales, scale => scale != compiled);
        return other < 0 ? null
            : cfg is null or { Scale: 1 } or { Scale: 0, Rescale: 0 } ? throw Rules.ScaleWithoutGuidance.Error(other, scales[other], cfg?.ToString() ?? "no Cfg")
            : scales;
    }

    /// <summary>k = (1 − w)/(1 − w₀) of each picture: see <see cref="SamplingRun.UnconditionalFactors"/>.</summary>
    internal Tensor Factors(ReadOnlySpan<double> scales)
    {
        var compiled = Compiled.Spec.Guiders.OfType<ClassifierFreeGuidance>().First().Scale;
        var factors = new float[scales.Length];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = (float)((1 - scales[i]) / (1 - compiled));
        }

        return torch.tensor(factors, [factors.Length, 1, 1, 1], dtype: torch.ScalarType.Float32, device: _device);
    }

    // Negative prompts of pictures that nothing compares with.
    private IEnumerable<Finding> Unread(GenerationRequest request) => IsGuided || request.Prompts is not { } prompts
        ? []
        : prompts.Select(prompt => prompt.Negative).Where(negative => !string.IsNullOrEmpty(negative)).Distinct().Select(negative => Rules.NegativeHasNoEffect.Found(
            negative,
            Compiled.Spec.Guiders.OfType<ClassifierFreeGuidance>().Any() ? "Cfg(1) leaves the unconditional half out" : "the pipeline has no Cfg"));
}
