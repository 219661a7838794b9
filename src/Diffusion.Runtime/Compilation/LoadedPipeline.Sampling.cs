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

    // By how much images shrink on each side.
    private int Factor => _models.Vae?.Config.Factor ?? 1;

    // Whether some step asks for the network's output without the prompt.
    private bool IsGuided => Compiled.Spec.Guiders.OfType<ClassifierFreeGuidance>().Any(cfg => cfg.Scale != 1);

    /// <summary>The same loaded pipeline with noise from elsewhere than the seeds, and seen at every step: for the parity program. Not for several threads.</summary>
    internal LoadedPipeline WithRecording(Func<IReadOnlyList<long>, INoiseSource> noise, Action<SamplingStep> watcher)
    {
        (_noiseSource, _watcher) = (noise, watcher);
        return this;
    }

    private GeneratedImages Sampled(GenerationRequest request, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        CheckChannels(request);
        var images = new List<Image>(request.Count);
        var plan = Compiled.Plan;
        var (watch, done) = (Stopwatch.StartNew(), 0);
        var total = plan.Steps.Count * ((request.Count + request.Batch - 1) / request.Batch);
        var negative = IsGuided ? Compiled.Definition.NegativePrompt ?? "" : null;
        var scales = OwnScales(request);
        using var guard = torch.no_grad();
        using var texts = request.Prompts is null ? null : PromptTexts.Encode(_models.Text!, Compiled.Definition.TextModel!, request.Prompts, negative);
        foreach (var chunk in request.Seeds.Chunk(request.Batch))
        {
            var first = images.Count;
            cancellation.ThrowIfCancellationRequested();
            using var noise = _noiseSource?.Invoke(chunk) ?? request.Noise?.Invoke(first, chunk.Length) ?? NoiseSources.For(plan, chunk, _device);
            using var text = texts?.For([.. request.Prompts!.Skip(first).Take(chunk.Length)], negative);
            using var factors = scales is null ? null : Factors(scales.AsSpan(first, chunk.Length));
            using var start = From(plan, request, first, chunk.Length, noise);
            var conditions = request.Labels.WithLabels(request.Labels.Labels.Skip(first).Take(chunk.Length).ToEquatableArray()).WithText(text).WithChannels(start.Channels);
            using var run = new SamplingRun(_models.Network, noise, Shape(chunk.Length, request.Small)) { Initial = start.Initial, Conditions = conditions, UnconditionalFactors = factors };
            foreach (var step in Compiled.Sampler.Sample(run))
            {
                start.Keep(run.X, step.Index);
                _watcher?.Invoke(step);
                progress?.Report(new SamplingProgress(++done, total, watch.Elapsed));
                cancellation.ThrowIfCancellationRequested();
            }

            images.AddRange(Decoded(run.X).Select((image, i) => WithOrigin(image, request, first + i)));
        }

        return new GeneratedImages(images, request.Seeds) { Warnings = [.. texts?.Warnings ?? [], .. Unread(request)] };
    }

    // Pictures as the network works on them: latents where there is an autoencoder, drawn from its distribution.
    private Tensor Encoded(Tensor pictures, INoiseSource noise)
    {
        if (_models.Vae is not { } vae)
        {
            return pictures.to(_device);
        }

        using var scope = torch.NewDisposeScope();
        using var posterior = vae.Encode(pictures.to(vae.DType, vae.Device));
        var z = noise.Draw(posterior.Mean.shape).to(vae.DType);
        return vae.Scale(posterior.Sample(z)).to(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private IReadOnlyList<Image> Decoded(Tensor x)
    {
        if (_models.Vae is not { } vae)
        {
            return Image.FromBatch(x);
        }

        // One picture at a time: decoding is where memory peaks.
        return [.. Enumerable.Range(0, (int)x.shape[0]).SelectMany(i =>
        {
            using var picture = torch.NewDisposeScope();
            return Image.FromBatch(vae.Decode(vae.Unscale(x.narrow(0, i, 1)).to(vae.DType)));
        })];
    }

    private StartingPoint From(PipelinePlan plan, GenerationRequest request, int first, int count, INoiseSource noise)
    {
        if (request.Small is { } small)
        {
            using var given = small.narrow(0, first, count).to(_device, copy: true);
            return StartingPoint.OfSmall(plan, given, request.SmallNoise, noise);
        }

        if (request.Pictures is not { } all)
        {
            return StartingPoint.OfNoise(plan);
        }

        using var pictures = all.narrow(0, first, count);
        Tensor Encode(Tensor picture) => Encoded(picture, noise);
        if (request.Mask is null)
        {
            using var depth = request.Depth?.narrow(0, first, count);
            return StartingPoint.OfPictures(plan, pictures, Encode, noise, depth);
        }

        using var mask = request.Mask.narrow(0, first, count);
        var shape = Shape(count);
        return StartingPoint.OfMask(plan, pictures, mask, Encode, noise, shape, readsMask: Compiled.Resolved.Facts.Unet?.InChannels == (2 * shape[1]) + 1);
    }
}
