using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <content>From a request to pictures: texts, latents, the loop, the autoencoder.</content>
public sealed partial class LoadedPipeline
{
    private Func<IReadOnlyList<long>, INoiseSource>? _noiseSource;
    private Action<SamplingStep>? _watcher;
    private Action<string>? _stages;

    // By how much images shrink on each side.
    private int Factor => _models.VaeConfig?.Factor ?? 1;

    // Whether some step asks for the network's output without the prompt.
    private bool IsGuided => Compiled.Spec.Guiders.OfType<ClassifierFreeGuidance>().Any(cfg => cfg.Scale != 1);

    /// <summary>The same loaded pipeline with noise from elsewhere than the seeds, and seen at every step: for the parity program. Not for several threads.</summary>
    internal LoadedPipeline WithRecording(Func<IReadOnlyList<long>, INoiseSource> noise, Action<SamplingStep> watcher)
    {
        (_noiseSource, _watcher) = (noise, watcher);
        return this;
    }

    /// <summary>The same loaded pipeline, whose stages (text, encode, denoise, decode) are told when their weights are there: for tests of lifetimes.</summary>
    internal LoadedPipeline WithStages(Action<string> stages)
    {
        _stages = stages;
        return this;
    }

    private GeneratedImages Sampled(GenerationRequest request, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        var images = new List<Image>(request.Count);
        var plan = Compiled.Plan;
        var (watch, done) = (Stopwatch.StartNew(), 0);
        var total = plan.Steps.Count * ((request.Count + request.Batch - 1) / request.Batch);
        var negative = IsGuided ? Compiled.Definition.NegativePrompt ?? "" : null;
        using var guard = torch.no_grad();
        using var texts = Encoded(request.Prompts, negative);
        foreach (var chunk in request.Seeds.Chunk(request.Batch))
        {
            var first = images.Count;
            using var x = Denoised(chunk, first);
            images.AddRange(Decoded(x).Select((image, i) => WithOrigin(image, request, first + i)));
        }

        return new GeneratedImages(images, request.Seeds) { Warnings = texts?.Warnings ?? [] };

        // Behind it only the sample is left: texts, noise and registers are gone before anything is decoded.
        Tensor Denoised(long[] chunk, int first)
        {
            cancellation.ThrowIfCancellationRequested();
            using var noise = _noiseSource?.Invoke(chunk) ?? NoiseSources.For(plan, chunk, _device);
            using var text = texts?.For([.. request.Prompts!.Skip(first).Take(chunk.Length)], negative);
            if (first + chunk.Length == request.Count)
            {
                texts?.Dispose();
            }

            using var start = From(plan, request, first, chunk.Length, noise);
            var conditions = request.Labels.WithLabels(request.Labels.Labels.Skip(first).Take(chunk.Length).ToEquatableArray()).WithText(text).WithChannels(start.Channels);
            using var network = _models.Network.Use();
            using var run = new SamplingRun(network.Network, noise, Shape(chunk.Length)) { Initial = start.Initial, Conditions = conditions };
            _stages?.Invoke("denoise");
            foreach (var step in Compiled.Sampler.Sample(run))
            {
                start.Keep(run.X, step.Index);
                _watcher?.Invoke(step);
                progress?.Report(new SamplingProgress(++done, total, watch.Elapsed));
                cancellation.ThrowIfCancellationRequested();
            }

            return run.Take();
        }
    }

    private PromptTexts? Encoded(IReadOnlyList<string>? prompts, string? negative)
    {
        if (prompts is null)
        {
            return null;
        }

        using var encoder = _models.Text!.Use();
        _stages?.Invoke("text");
        return PromptTexts.Encode(encoder.Network, Compiled.Definition.TextModel!, prompts, negative);
    }

    // Pictures as the network works on them: latents where there is an autoencoder, drawn from its distribution.
    private Tensor Encoded(Tensor pictures, INoiseSource noise)
    {
        if (_models.Vae is not { } autoencoder)
        {
            return pictures.to(_device);
        }

        using var lease = autoencoder.Use();
        _stages?.Invoke("encode");
        using var scope = torch.NewDisposeScope();
        var vae = lease.Network;
        using var posterior = vae.Encode(pictures.to(vae.DType, vae.Device), Compiled.Definition.VaeMemory);
        var z = noise.Draw(posterior.Mean.shape).to(vae.DType);
        return vae.Scale(posterior.Sample(z)).to(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private IReadOnlyList<Image> Decoded(Tensor x)
    {
        if (_models.Vae is not { } autoencoder)
        {
            return Image.FromBatch(x);
        }

        using var lease = autoencoder.Use();
        _stages?.Invoke("decode");
        var vae = lease.Network;

        // One picture at a time: decoding is where memory peaks.
        return [.. Enumerable.Range(0, (int)x.shape[0]).SelectMany(i =>
        {
            using var picture = torch.NewDisposeScope();
            return Image.FromBatch(vae.Decode(vae.Unscale(x.narrow(0, i, 1)).to(vae.DType), Compiled.Definition.VaeMemory));
        })];
    }

    private StartingPoint From(PipelinePlan plan, GenerationRequest request, int first, int count, INoiseSource noise)
    {
        if (request.Pictures is not { } all)
        {
            return StartingPoint.OfNoise(plan);
        }

        using var pictures = all.narrow(0, first, count);
        Tensor Encode(Tensor picture) => Encoded(picture, noise);
        if (request.Mask is null)
        {
            return StartingPoint.OfPictures(plan, pictures, Encode, noise);
        }

        using var mask = request.Mask.narrow(0, first, count);
        var shape = Shape(count);
        return StartingPoint.OfMask(plan, pictures, mask, Encode, noise, shape, readsMask: Compiled.Resolved.Facts.Unet?.InChannels == (2 * shape[1]) + 1);
    }
}
