using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using Device = Diffusion.Dsl.Device;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <summary>
/// A compiled pipeline with its weights, ready to generate. It has no state that a call changes: threads may generate at once. Dispose it to free the
/// weights.
/// </summary>
public sealed partial class LoadedPipeline : IDisposable
{
    // As many small pictures at once as keep the processors busy.
    private const int LabelBatch = 64;

    private readonly PipelineModels _models;
    private readonly torch.Device _device;
    private readonly ReceiptWriter _receipts;
    private bool _disposed;

    private LoadedPipeline(CompiledPipeline compiled, PipelineModels models, ReceiptWriter receipts)
    {
        (Compiled, _models, _receipts, _device) = (compiled, models, receipts, new torch.Device(receipts.Machine.Device.ToString()));
        if (compiled.Options.HoistTimes)
        {
            models.Network.Prepare(Timesteps(compiled));
        }
    }

    /// <summary>What was loaded.</summary>
    public CompiledPipeline Compiled { get; }

    internal static LoadedPipeline From(CompiledPipeline compiled, Device device, Precision precision)
    {
        // Before the weights: a file that changes while it is read is not hashed as if it had been read.
        var receipts = ReceiptWriter.OfFiles(compiled, device, precision);
        return new(compiled, NetworkLoader.Load(compiled, device, precision), receipts);
    }

    internal static LoadedPipeline From(CompiledPipeline compiled, INetwork network) => new(compiled, new PipelineModels(network), ReceiptWriter.OfNetwork(compiled));

    /// <summary>Generates pictures without a prompt. Picture i has the seed <paramref name="seed"/> + i and is the same when generated alone with it.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture, as for <c>torch.Generator().manual_seed</c>.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="label">The class that all pictures show, where the network knows classes; its null class shows any.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="DiffusionException">
    /// DIF0105: a count below 1; DIF0438: the size is unknown; DIF0411: a label is missing, or given to a network without classes; DIF0412: there is no
    /// such class.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(int count = 1, long seed = 0, int batch = LabelBatch, int? label = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Check(count, batch, "generate");
        return FromNoise(Repeated(label, count), count, seed, batch, progress, cancellation);
    }

    /// <summary>Generates one picture for each label. Picture i has the seed <paramref name="seed"/> + i and is the same when generated alone with it.</summary>
    /// <param name="labels">The class of each picture, at least one.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="DiffusionException">DIF0105: no label; DIF0438: the size is unknown; DIF0411: the network has no classes; DIF0412: there is no such class.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(IEnumerable<int> labels, long seed = 0, int batch = LabelBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var given = labels.ToArray();
        Check(given.Length, batch, "generate");
        return FromNoise(given, given.Length, seed, batch, progress, cancellation);
    }

    /// <summary>
    /// Generates pictures from pictures: each gets the noise of the first step, x = α·picture + σ·z, and is denoised from there. Picture i has the seed
    /// <paramref name="seed"/> + i; z is the first draw of its generator.
    /// </summary>
    /// <param name="images">The pictures, all of the network's size and channels.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="label">The class that all pictures are to show, where the network knows classes.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="DiffusionException">DIF0105: no picture; DIF0410: a picture has another size or other channels; DIF0411, DIF0412: as <see cref="Generate(int, long, int, int?, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages GenerateFrom(IEnumerable<Image> images, long seed = 0, int batch = LabelBatch, int? label = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var given = images.ToArray();
        Check(given.Length, batch, "generate");
        using var pictures = Pictures(given);
        return Sampled(new GenerationRequest(Seeds(seed, given.Length), batch) { Labels = Conditions(Repeated(label, given.Length)), Pictures = pictures, From = [.. given.Select(image => image.Hash())] }, progress, cancellation);
    }

    private GeneratedImages FromNoise(int[]? labels, int count, long seed, int batch, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        CheckStart();
        return Sampled(new GenerationRequest(Seeds(seed, count), batch) { Labels = Conditions(labels) }, progress, cancellation);
    }

    private static long[] Seeds(long first, int count) => [.. Enumerable.Range(0, count).Select(i => first + i)];

    private void CheckStart()
    {
        if (Compiled.Spec.Start > 0)
        {
            throw Rules.StartNeedsPictures.Error(Compiled.Spec.Start);
        }
    }

    /// <summary>As <see cref="Generate(int, long, int, int?, IProgress{SamplingProgress}?, CancellationToken)"/>, on another thread.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="label">The class that all pictures show, where the network knows classes.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Checked before every step.</param>
    public Task<GeneratedImages> GenerateAsync(int count = 1, long seed = 0, int batch = LabelBatch, int? label = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Generate(count, seed, batch, label, progress, cancellation), cancellation);

    /// <summary>Generates pictures and shows every step, with the clean pictures the network predicts.</summary>
    /// <param name="count">How many, at least 1; all in one batch.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <param name="label">The class that all pictures show, where the network knows classes.</param>
    public async IAsyncEnumerable<StreamedStep> Stream(int count = 1, long seed = 0, [EnumeratorCancellation] CancellationToken cancellation = default, int? label = null)
    {
        Check(count, 1, "stream");
        CheckStart();
        var conditions = Conditions(Repeated(label, count));
        var (plan, request) = (Compiled.Plan, new GenerationRequest(Seeds(seed, count), count) { Labels = conditions });
        using var noise = NoiseSources.For(plan, request.Seeds, _device);
        using var run = new SamplingRun(_models.Network, noise, Shape(count), watched: plan) { Conditions = conditions };
        using var steps = Compiled.Sampler.Sample(run).GetEnumerator();
        while (await Task.Run(() => Next(steps, plan.Steps.Count), cancellation).ConfigureAwait(false) is { } step)
        {
            yield return step.IsLast ? step with { X = [.. step.X.Select((image, i) => WithOrigin(image, request, i))] } : step;
        }
    }

    /// <summary>Saves the pipeline in diffusers' layout: model_index.json, unet/, scheduler/.</summary>
    /// <param name="folder">Created if absent; files of the same names are replaced, each atomically.</param>
    public void SavePretrained(string folder) => PipelineFolder.Save(folder, Compiled, _models);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _models.Dispose();
        }
    }

    private static StreamedStep? Next(IEnumerator<SamplingStep> steps, int count)
    {
        // Gradients are switched off per thread, and every step may run on another one.
        using var guard = torch.no_grad();
        return steps.MoveNext()
            ? new StreamedStep(steps.Current.Index, count, steps.Current.Timestep, Image.FromBatch(steps.Current.X), Image.FromBatch(steps.Current.X0 ?? steps.Current.X))
            : null;
    }

    private static IReadOnlyList<double> Timesteps(CompiledPipeline compiled) =>
        compiled.Plan.Steps.SelectMany(step => step.Ops.OfType<EvaluateOp>()).Select(op => op.Timestep).Distinct().ToArray();

    private void Check(int count, int batch, string verb)
    {
        if (_disposed)
        {
            throw Rules.RunDisposed.Error(Compiled.Definition, verb);
        }

        if (count < 1 || batch < 1)
        {
            throw Rules.CountOutOfRange.Error(count < 1 ? "count" : "batch", count < 1 ? count : batch);
        }
    }

    private static int[]? Repeated(int? label, int count) => label is { } one ? Enumerable.Repeat(one, count).ToArray() : null;

    // Labels and the network's classes have to fit before the first step.
    private Conditions Conditions(int[]? labels)
    {
        if (_models.Text is not null)
        {
            throw Rules.PromptMismatch.Error("no prompt", "a text encoder", "give a prompt; \"\" is one that says nothing");
        }

        var (classes, nullClass) = (Compiled.Resolved.Facts.Unet?.Classes, Compiled.Resolved.Facts.Unet?.NullClass);
        var last = Math.Max(classes - 1 ?? 0, nullClass ?? 0);
        switch (classes, labels)
        {
            case (null, null):
                return Sampling.Conditions.None;
            case (null, _):
                throw Rules.ClassLabels.Error("given", "has no classes", "leave them out");
            case (_, null):
                throw Rules.ClassLabels.Error("missing", "is conditioned on classes", FormattableString.Invariant($"give label: 0 to {last}, or one for each picture"));
        }

        return labels.Cast<int?>().FirstOrDefault(label => (label < 0 || label >= classes) && label != nullClass) is { } wrong
            ? throw Rules.IndexOutOfTable.Error("label", wrong, FormattableString.Invariant($"{classes} classes") + (nullClass is null ? "" : FormattableString.Invariant($" and the null class {nullClass}")), last)
            : new Conditions(labels.ToEquatableArray(), nullClass);
    }

    // Of x: of latents where there is an autoencoder, whose UNet may read further channels behind them; as large as a small picture that it reads.
    private long[] Shape(int count, Tensor? small = null)
    {
        var (definition, unet, factor) = (Compiled.Definition, Compiled.Resolved.Facts.Unet, Factor);
        var (height, width) = (small?.shape[2] ?? definition.Height / factor ?? unet?.SampleHeight, small?.shape[3] ?? definition.Width / factor ?? unet?.SampleWidth);
        return height is { } h && width is { } w
            ? [count, _models.Vae?.Config.LatentChannels ?? unet?.InChannels ?? 3, h, w]
            : throw Rules.SizeUnknown.Error(definition.UnetModel?.Source);
    }
}
