using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <content>Walks through the latents: from one picture to another.</content>
public sealed partial class LoadedPipeline
{
    /// <summary>
    /// Generates the pictures on the way from one seed to another: whatever their generators draw is interpolated along the arc (<see cref="Latents.Slerp"/>). The first and the last are
    /// the pictures of both seeds.
    /// </summary>
    /// <param name="first">The seed of the first picture.</param>
    /// <param name="last">The seed of the last.</param>
    /// <param name="frames">How many pictures, at least 1; of one the first is made.</param>
    /// <param name="prompt">What all are to show; null where the pipeline takes no text.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <returns>The pictures in order; as their seeds those stand from which each comes, <paramref name="last"/> for the last.</returns>
    /// <exception cref="DiffusionException">As <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Walk(long first, long last, int frames, string? prompt = null, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (prompt is not null)
        {
            return Walk(Prompt.Of(prompt).WithSeed(first), Prompt.Of(prompt).WithSeed(last), frames, batch, progress, cancellation);
        }

        var shares = Shares(frames);
        return Sampled(Between(OfLabels((int?)null, Seeds(first, last, shares), batch, "walk"), first, last, shares), progress, cancellation);
    }

    /// <summary>
    /// Generates the pictures on the way from one prompt to another: their seeds' noise is interpolated along the arc, their texts' vectors and their scales along the line. The
    /// negative prompt is the first one's.
    /// </summary>
    /// <param name="first">What the first picture shows, with its seed and scale.</param>
    /// <param name="last">What the last shows.</param>
    /// <param name="frames">How many pictures, at least 1; of one the first is made.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <returns>The pictures in order; as their seeds those stand from which each comes, that of <paramref name="last"/> for the last.</returns>
    /// <exception cref="DiffusionException">As <see cref="Generate(IEnumerable{Prompt}, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Walk(Prompt first, Prompt last, int frames, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(last);
        var shares = Shares(frames);
        Prompt[] prompts = [.. shares.Select(share => Prompt.Mix(first, last, share).WithScale(ScaleAt(first, last, share)))];
        return Sampled(Between(OfPrompts(prompts, Seeds(first.Seed, last.Seed, shares), batch, "walk"), first.Seed, last.Seed, shares), progress, cancellation);
    }

    private double? ScaleAt(Prompt first, Prompt last, double share)
    {
        if (first.Scale is null && last.Scale is null)
        {
            return null;
        }

        var own = Compiled.Spec.Guiders.OfType<ClassifierFreeGuidance>().FirstOrDefault()?.Scale ?? 1;
        return ((1 - share) * (first.Scale ?? own)) + (share * (last.Scale ?? own));
    }

    // Of the last picture the seed it comes from is the other one.
    private static long[] Seeds(long first, long last, double[] shares) => Array.ConvertAll(shares, share => share < 1 ? first : last);

    private static GenerationRequest Between(GenerationRequest request, long first, long last, double[] shares) => request with { Walk = new NoiseWalk(first, last, shares) };

    // 0 to 1 in equal steps.
    private static double[] Shares(int frames) => [.. Enumerable.Range(0, Math.Max(frames, 0)).Select(i => frames == 1 ? 0 : (double)i / (frames - 1))];
}
