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
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <returns>The pictures in order; as their seeds those stand from which each comes, <paramref name="last"/> for the last.</returns>
    /// <exception cref="DiffusionException">As <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Walk(long first, long last, int frames, string? prompt = null, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (prompt is not null)
        {
            return Walk(Prompt.Of(prompt).WithSeed(first), Prompt.Of(prompt).WithSeed(last), frames, batch, progress, cancellation);
        }

        Check(frames, batch, "walk");
        CheckStart();
        return Sampled(Between(first, last, frames, batch) with { Labels = Conditions(null) }, progress, cancellation);
    }

    /// <summary>
    /// Generates the pictures on the way from one prompt to another: their seeds' noise is interpolated along the arc, their texts' vectors and their scales along the line. The
    /// negative prompt is the first one's.
    /// </summary>
    /// <param name="first">What the first picture shows, with its seed and scale.</param>
    /// <param name="last">What the last shows.</param>
    /// <param name="frames">How many pictures, at least 1; of one the first is made.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <returns>The pictures in order; as their seeds those stand from which each comes, that of <paramref name="last"/> for the last.</returns>
    /// <exception cref="DiffusionException">As <see cref="Generate(IEnumerable{Prompt}, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Walk(Prompt first, Prompt last, int frames, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(last);
        Check(frames, batch, "walk");
        var prompts = Prompts(Shares(frames).Select(share => Prompt.Mix(first, last, share).WithScale(ScaleAt(first, last, share))), batch);
        CheckStart();
        return Sampled(Between(first.Seed, last.Seed, frames, batch) with { Prompts = prompts }, progress, cancellation);
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

    private GenerationRequest Between(long first, long last, int frames, int batch)
    {
        var shares = Shares(frames);
        var plan = Compiled.Plan;
        return new GenerationRequest([.. shares.Select(share => share < 1 ? first : last)], batch)
        {
            Noise = (start, count) => new NoiseBetween(NoiseSources.For(plan, [first], _device), NoiseSources.For(plan, [last], _device), [.. shares.Skip(start).Take(count)]),
        };
    }

    // 0 to 1 in equal steps.
    private static double[] Shares(int frames) => [.. Enumerable.Range(0, frames).Select(i => frames == 1 ? 0 : (double)i / (frames - 1))];
}
