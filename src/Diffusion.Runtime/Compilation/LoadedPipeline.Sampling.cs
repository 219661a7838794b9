using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Sampling;
using TorchSharp;

namespace Diffusion.Runtime.Compilation;

/// <content>From a request to pictures, at once or step by step; <see cref="PipelineCall"/> does the work of both.</content>
public sealed partial class LoadedPipeline
{
    private Func<IReadOnlyList<long>, INoiseSource>? _noiseSource;

    /// <summary>The networks.</summary>
    internal PipelineModels Models => _models;

    /// <summary>Between pictures and x.</summary>
    internal PictureCoder Coder { get; }

    /// <summary>Sees every step; null: nobody does.</summary>
    internal Action<SamplingStep>? Watcher { get; private set; }

    /// <summary>Told when the weights of a stage (text, encode, denoise, decode) are there; null: nobody is.</summary>
    internal Action<string>? Stages { get; private set; }

    /// <summary>Whether some step asks for the network's output without the prompt.</summary>
    internal bool IsGuided => Compiled.Spec.Guiders.Any(guider => guider.ComparesWithUnconditional);

    /// <summary>The same loaded pipeline with noise from elsewhere than the seeds, and seen at every step: for the parity program. Not for several threads.</summary>
    internal LoadedPipeline WithRecording(Func<IReadOnlyList<long>, INoiseSource> noise, Action<SamplingStep> watcher)
    {
        (_noiseSource, Watcher) = (noise, watcher);
        return this;
    }

    /// <summary>The same loaded pipeline, whose stages are told when their weights are there: for tests of lifetimes.</summary>
    internal LoadedPipeline WithStages(Action<string> stages)
    {
        Stages = stages;
        return this;
    }

    /// <summary>The noise of some pictures: of their seeds, or between two.</summary>
    internal INoiseSource NoiseOf(GenerationRequest request, int first, int count)
    {
        var (plan, seeds) = (Compiled.Plan, request.Seeds[first..(first + count)]);
        return _noiseSource?.Invoke(seeds) ?? (request.Walk is { } walk
            ? new NoiseBetween(NoiseSources.For(plan, [walk.First], _device), NoiseSources.For(plan, [walk.Last], _device), walk.Shares[first..(first + count)])
            : NoiseSources.For(plan, seeds, _device));
    }

    /// <summary>The shape of x: of latents where there is an autoencoder, whose UNet may read further channels behind them; as large as a small picture that it reads.</summary>
    /// <exception cref="DiffusionException">DIF0438: the size is unknown.</exception>
    internal long[] Shape(int count, Image? small = null)
    {
        var (definition, unet, factor) = (Compiled.Definition, Compiled.Resolved.Facts.Unet, Coder.Factor);
        var (height, width) = (small?.Height ?? definition.Height / factor ?? unet?.SampleHeight, small?.Width ?? definition.Width / factor ?? unet?.SampleWidth);
        return height is { } h && width is { } w
            ? [count, _models.VaeConfig?.LatentChannels ?? unet?.InChannels ?? 3, h, w]
            : throw Rules.SizeUnknown.Error(definition.UnetModel?.Source);
    }

    private GeneratedImages Sampled(GenerationRequest request, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        using var guard = torch.no_grad();
        using var call = new PipelineCall(this, request, decodes: true, progress, cancellation);
        var images = new List<Image>(request.Count);
        while (images.Count < request.Count)
        {
            using var batch = call.Begin(images.Count, watched: false);
            while (call.Next(batch))
            {
            }

            images.AddRange(call.Decoded(batch, images.Count));
        }

        return new GeneratedImages(images, request.Seeds) { Warnings = [.. call.Warnings, .. Unread(request)] };
    }

    private async IAsyncEnumerable<StreamedStep> Streamed(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pictures = new StreamedPictures(Coder, _device, request.Finish, (i, image) => Signed(request, i, image), () => CheckAlive("show a picture"));
        using var call = await Elsewhere(() => new PipelineCall(this, request, decodes: false, told: null, cancellation), cancellation).ConfigureAwait(false);
        using var batch = await Elsewhere(() => call.Begin(0, watched: true), cancellation).ConfigureAwait(false);
        while (await Elsewhere(() => Next(call, batch, pictures), cancellation).ConfigureAwait(false) is { } step)
        {
            yield return step;
        }
    }

    private StreamedStep? Next(PipelineCall call, BatchRun batch, StreamedPictures pictures)
    {
        CheckAlive("stream");
        if (!call.Next(batch))
        {
            return null;
        }

        var step = new StreamedStep(pictures, batch.Step, call.Plan.Steps[batch.Step.Index].Level, call.Plan.Steps.Count, call.Progress.Now);
        if (step.IsLast)
        {
            // Whoever looks at it needs the network no more.
            batch.Finish();
        }

        return step;
    }

    // Gradients are switched off per thread, and every step may run on another one.
    private static Task<T> Elsewhere<T>(Func<T> work, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var guard = torch.no_grad();
            return work();
        },
        cancellation);
}
