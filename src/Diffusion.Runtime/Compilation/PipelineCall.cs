using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;

namespace Diffusion.Runtime.Compilation;

/// <summary>
/// One call on its way from a request to pictures: its texts and pictures as tensors, and its batches. What generates and what streams go through it, so they draw the same. Belongs to
/// one thread at a time, with gradients off.
/// </summary>
internal sealed class PipelineCall : IDisposable
{
    private readonly LoadedPipeline _run;
    private readonly GenerationRequest _request;
    private readonly CancellationToken _cancellation;
    private readonly string? _negative;
    private readonly PromptTexts? _texts;
    private readonly PictureInputs _inputs;

    /// <param name="run">The pipeline.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="decodes">Whether pictures are a part of the work.</param>
    /// <param name="told">Who is told of progress; null: nobody.</param>
    /// <param name="cancellation">Ends the call.</param>
    public PipelineCall(LoadedPipeline run, GenerationRequest request, bool decodes, IProgress<SamplingProgress>? told, CancellationToken cancellation)
    {
        (_run, _request, _cancellation, Plan) = (run, request, cancellation, run.Compiled.Plan);
        var rows = Plan.Steps.Select(step => step.Ops.OfType<EvaluateOp>().Sum(op => op.Outputs.Count)).ToArray();
        Progress = new ProgressTracker(rows, request.Count, request.Batch, decodes && run.Coder.IsLatent, told);
        _inputs = new PictureInputs(run, request);
        try
        {
            if (request.Prompts is { } prompts)
            {
                Progress.EncodesText();
                _negative = run.IsGuided ? run.Compiled.Definition.NegativePrompt ?? "" : null;
                using var encoder = run.Models.Text!.Use();
                run.Stages?.Invoke("text");
                _texts = PromptTexts.Encode(encoder.Network, run.Compiled.Definition.TextModel!, prompts, _negative, cancellation);
            }
        }
        catch
        {
            _inputs.Dispose();
            throw;
        }
    }

    /// <summary>The steps of every batch.</summary>
    public PipelinePlan Plan { get; }

    /// <summary>How far the call has come.</summary>
    public ProgressTracker Progress { get; }

    /// <summary>What the caller should know.</summary>
    public IReadOnlyList<Finding> Warnings => _texts?.Warnings ?? [];

    /// <summary>A batch at its first step.</summary>
    /// <param name="first">The first picture of it.</param>
    /// <param name="watched">Whether x̂_0 is shown at every step.</param>
    public BatchRun Begin(int first, bool watched)
    {
        _cancellation.ThrowIfCancellationRequested();
        var count = Math.Min(_request.Batch, _request.Count - first);
        var parts = new Stack<IDisposable>();
        try
        {
            var shape = _run.Shape(count, _request.Small);
            var noise = Keep(_run.NoiseOf(_request, first, count));
            var text = _texts is null ? null : Keep(_texts.For([.. _request.Prompts!.Skip(first).Take(count)], _negative));
            var factors = _request.Scales is { } scales ? Keep(_run.Factors(scales.AsSpan(first, count))) : null;
            var start = Keep(_inputs.Start(first, shape, noise, _cancellation));
            if (first + count == _request.Count)
            {
                // The last batch has what it needs of them.
                Dispose();
            }

            var network = Keep(_run.Models.Network.Use());
            var worse = _run.Models.Worse is { } other ? Keep(other.Use()).Network : null;
            var labels = _request.Labels.Labels.Skip(first).Take(count).ToEquatableArray();
            var run = Keep(new SamplingRun(network.Network, noise, shape, watched ? Plan : null)
            {
                Initial = start.Initial,
                Conditions = _request.Labels.WithLabels(labels).WithText(text).WithChannels(start.Channels is { } channels ? Keep(new ConstantChannels(channels)) : null),
                UnconditionalFactors = factors,
                Steering = _run.Models.Losses.Count == 0 ? null : new Steering(_run.Models.Losses, Decoder(Keep), _request.Seeds[first..(first + count)]),
                Worse = worse,
                PerturbedLayers = _run.Compiled.Spec.Guiders.OfType<PerturbedAttentionGuidance>().FirstOrDefault()?.Layers ?? default,
                Cancellation = _cancellation,
            });
            _run.Stages?.Invoke("denoise");
            return new BatchRun(run, Keep(_run.Compiled.Sampler.Sample(run).GetEnumerator()), start, parts);
        }
        catch
        {
            BatchRun.Free(parts);
            throw;
        }

        T Keep<T>(T part)
            where T : IDisposable
        {
            parts.Push(part);
            return part;
        }
    }

    // The autoencoder stays until the batch is done: guidance looks through it at every step.
    private Func<torch.Tensor, torch.Tensor>? Decoder(Func<Lease<AutoencoderKL>, Lease<AutoencoderKL>> keep)
    {
        if (_run.Models.Vae is not { } stage)
        {
            return null;
        }

        var vae = keep(stage.Use()).Network;
        return latents => vae.Decode(vae.Unscale(latents.to(vae.Device)).to(vae.DType), cancellation: _cancellation).to(torch.ScalarType.Float32);
    }

    /// <summary>Does the next step of a batch; false behind the last.</summary>
    /// <param name="batch">The batch.</param>
    public bool Next(BatchRun batch)
    {
        _cancellation.ThrowIfCancellationRequested();
        Progress.Begins();
        if (!batch.Next())
        {
            return false;
        }

        _run.Watcher?.Invoke(batch.Step);
        Progress.HasStepped(batch.Step.Index, (int)batch.X.shape[0]);
        return true;
    }

    /// <summary>The pictures of a batch.</summary>
    /// <param name="batch">The batch, behind its last step.</param>
    /// <param name="first">Its first picture.</param>
    public IEnumerable<Image> Decoded(BatchRun batch, int first) => _run.Coder.Decode(batch.X, _cancellation, Progress).Select((image, i) => _run.Signed(_request, first + i, _request.Finish(first + i, image)));

    /// <inheritdoc/>
    public void Dispose()
    {
        _texts?.Dispose();
        _inputs.Dispose();
    }
}
