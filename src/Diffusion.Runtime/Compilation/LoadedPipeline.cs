using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;

namespace Diffusion.Runtime.Compilation;

/// <summary>
/// A compiled pipeline with its weights, ready to generate. Calls change nothing in it: threads may generate at once, and with
/// <see cref="LoadOptions.Offload"/> share the weights of a stage while any of them needs these. Dispose it to free the
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
        Coder = new PictureCoder(models.Vae, models.VaeConfig, compiled.Definition.VaeMemory, _device, stage => Stages?.Invoke(stage));
    }

    /// <summary>What was loaded.</summary>
    public CompiledPipeline Compiled { get; }

    /// <summary>Bytes of the weights that are in memory or mapped now: all of them, or with offload those of the stage that runs, else none.</summary>
    public long WeightBytes => _models.WeightBytes;

    internal static LoadedPipeline From(CompiledPipeline compiled, LoadOptions options)
    {
        var precisions = Precisions.Of(compiled, options);

        // Before the weights: a file that changes while it is read is not hashed as if it had been read.
        var receipts = ReceiptWriter.OfFiles(compiled, options.Device, precisions.Network);
        return new(compiled, NetworkLoader.Load(compiled, options, precisions, network => Prepare(compiled, network)), receipts);
    }

    internal static LoadedPipeline From(CompiledPipeline compiled, INetwork network, INetwork? worse = null, ClipTextEncoder? text = null)
    {
        var models = NetworkLoader.Load(compiled, new LoadOptions(), new Precisions(Precision.Float32, Precision.Float32), given => Prepare(compiled, given), network, worse, text);
        return new(compiled, models, ReceiptWriter.OfNetwork(compiled));
    }

    /// <summary>Generates pictures without a prompt. Picture i has the seed <paramref name="seed"/> + i and is the same when generated alone with it.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture, as for <c>torch.Generator().manual_seed</c>.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="label">The class that all pictures show, where the network knows classes; its null class shows any.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the network's blocks.</param>
    /// <exception cref="DiffusionException">
    /// DIF0105: a count below 1; DIF0438: the size is unknown; DIF0411: a label is missing, or given to a network without classes; DIF0412: there is no
    /// such class.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(int count = 1, long seed = 0, int batch = LabelBatch, int? label = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sampled(OfLabels(label, Seeds(seed, count), batch, "generate"), progress, cancellation);

    /// <summary>Generates one picture for each label. Picture i has the seed <paramref name="seed"/> + i and is the same when generated alone with it.</summary>
    /// <param name="labels">The class of each picture, at least one.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the network's blocks.</param>
    /// <exception cref="DiffusionException">DIF0105: no label; DIF0438: the size is unknown; DIF0411: the network has no classes; DIF0412: there is no such class.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages Generate(IEnumerable<int> labels, long seed = 0, int batch = LabelBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var given = labels.ToArray();
        return Sampled(OfLabels(given, Seeds(seed, given.Length), batch, "generate"), progress, cancellation);
    }

    /// <summary>
    /// Generates pictures from pictures: each gets the noise of the first step, x = α·picture + σ·z, and is denoised from there. Picture i has the seed
    /// <paramref name="seed"/> + i; z is the first draw of its generator.
    /// </summary>
    /// <param name="images">The pictures, all of the network's size and channels.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once; only speed and memory depend on it.</param>
    /// <param name="label">The class that all pictures are to show, where the network knows classes.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the network's blocks.</param>
    /// <exception cref="DiffusionException">DIF0105: no picture; DIF0410: a picture has another size or other channels; DIF0411, DIF0412: as <see cref="Generate(int, long, int, int?, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages GenerateFrom(IEnumerable<Image> images, long seed = 0, int batch = LabelBatch, int? label = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Image[] given = [.. images];
        return Sampled(OfPictures(given, label, Seeds(seed, given.Length), batch, "generate"), progress, cancellation);
    }

    /// <summary>As <see cref="Generate(int, long, int, int?, IProgress{SamplingProgress}?, CancellationToken)"/>, on another thread.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed of the first picture.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="label">The class that all pictures show, where the network knows classes.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the network's blocks.</param>
    public Task<GeneratedImages> GenerateAsync(int count = 1, long seed = 0, int batch = LabelBatch, int? label = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Generate(count, seed, batch, label, progress, cancellation), cancellation);

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

    private static void Prepare(CompiledPipeline compiled, INetwork network)
    {
        if (compiled.Options.HoistTimes)
        {
            network.Prepare(Timesteps(compiled));
        }
    }

    private static IReadOnlyList<double> Timesteps(CompiledPipeline compiled) =>
        compiled.Plan.Steps.SelectMany(step => step.Ops.OfType<EvaluateOp>()).Select(op => op.Timestep).Distinct().ToArray();
}
