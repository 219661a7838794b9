using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>
/// An open file in the original layout of Stable Diffusion, and its parts as checkpoints of their own: with the names and shapes that this library's models
/// have, and without a copy of the data.
/// </summary>
public sealed class OriginalCheckpoint : IDisposable
{
    /// <summary>What the names of moving averages start with; the dots behind it are left out.</summary>
    internal const string EmaPrefix = "model_ema.";

    private readonly ICheckpointReader _file;

    private OriginalCheckpoint(ICheckpointReader file, OriginalLayout layout) => (_file, Layout) = (file, layout);

    /// <summary>What the file is.</summary>
    public OriginalLayout Layout { get; }

    /// <summary>The file, for messages.</summary>
    public string Source => _file.Source;

    /// <summary>Opens a file: everything but the elements is read and checked at once.</summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.ckpt</c> file.</param>
    /// <param name="prediction">What the network predicts, where the caller knows it; null: as far as the file tells.</param>
    /// <returns>Dispose it when everything is read.</returns>
    /// <exception cref="DiffusionException">
    /// DIF0501 to DIF0513: the file cannot be opened. DIF0526: it is no Stable Diffusion in the original layout. DIF0527, DIF0528: a tensor is missing or has
    /// an impossible shape.
    /// </exception>
    public static OriginalCheckpoint Open(string path, PredictionType? prediction = null)
    {
        var file = Checkpoint.Open(path);
        try
        {
            return new OriginalCheckpoint(file, OriginalLayout.Read(file, prediction));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What a file is; only its header is read.</summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.ckpt</c> file.</param>
    /// <param name="otherwise">What the network predicts where the file does not say.</param>
    /// <exception cref="DiffusionException">As <see cref="Open"/>.</exception>
    internal static OriginalLayout Recognise(string path, PredictionType? otherwise)
    {
        using var file = Open(path);

        return file.Layout.IsPredictionGuessed && otherwise is not null ? OriginalLayout.Read(file._file, otherwise) : file.Layout;
    }

    /// <summary>The U-Net's tensors under diffusers' names.</summary>
    /// <param name="config">Its configuration; null: the one of <see cref="Layout"/>.</param>
    /// <param name="ema">Whether the moving averages are read instead of the weights.</param>
    /// <returns>Valid as long as this object is open. Tensors that the model does not know keep the names of the file.</returns>
    /// <exception cref="DiffusionException">DIF0527: there is no U-Net, or no moving average.</exception>
    public ICheckpointReader UNet(UNet2DConditionConfig? config = null, bool ema = false)
    {
        var prefix = Layout.UNetPrefix;
        var names = OriginalNames.UNet(config ?? Layout.UNet ?? throw Lacks("U-Net", prefix + "input_blocks.0.0.weight"), prefix);
        if (!ema)
            return Part(names);

        var entries = _file.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var tensors = Tensors(names).Select(tensor => tensor with
        {
            Original = entries.TryGetValue(Ema(tensor.Original.Name), out var average) ? average : throw Lacks("moving average of the U-Net", Ema(tensor.Original.Name)),
        });

        return new PartReader(_file, tensors, name => names.ToOriginal(name) is { } original ? Ema(original) : null);
    }

    /// <summary>The autoencoder's tensors under diffusers' names.</summary>
    /// <param name="config">Its configuration; null: the one of <see cref="Layout"/>.</param>
    /// <returns>Valid as long as this object is open. Tensors that the model does not know keep the names of the file.</returns>
    /// <exception cref="DiffusionException">DIF0527: there is no autoencoder.</exception>
    public ICheckpointReader Vae(AutoencoderKLConfig? config = null) =>
        Part(OriginalNames.Autoencoder(config ?? Layout.Vae ?? throw Lacks("autoencoder", Layout.VaePrefix + "encoder.conv_in.weight"), Layout.VaePrefix));

    /// <summary>A text encoder's tensors under transformers' names.</summary>
    /// <param name="index">Which one, counted from 0.</param>
    /// <returns>Valid as long as this object is open. Tensors that the model does not know keep the names of the file.</returns>
    /// <exception cref="DiffusionException">DIF0527: there is no such text encoder.</exception>
    public ICheckpointReader TextEncoder(int index = 0)
    {
        var encoders = Layout.TextEncoders;

        return index >= 0 && index < encoders.Count
            ? Part(encoders[index].Names)
            : throw Lacks(
                FormattableString.Invariant($"text encoder {index}"),
                index == 0 ? "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight" : FormattableString.Invariant($"conditioner.embedders.{index}.model.token_embedding.weight"));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private PartReader Part(OriginalNames names) => new(_file, Tensors(names), names.ToOriginal);

    private IEnumerable<PartTensor> Tensors(OriginalNames names) => _file.Entries
        .Where(entry => entry.Name.StartsWith(names.Prefix, StringComparison.Ordinal))
        .SelectMany(entry => (names.Edits(entry.Name) ?? [new NamedEdit(entry.Name)]).Select(edit => new PartTensor(edit.Name, entry, edit.Edit)));

    // LitEma of CompVis registers buffers, whose names may not have dots; it counts from the module that holds the U-Net, which is called model.
    private static string Ema(string name)
    {
        const string holder = "model.";
        var inside = name.StartsWith(holder, StringComparison.Ordinal) ? name[holder.Length..] : name;

        return EmaPrefix + inside.Replace(".", "", StringComparison.Ordinal);
    }

    private DiffusionException Lacks(string part, string name) => Rules.OriginalPartMissing.Error(Source, part, name);
}
