using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Weights.Safetensors;
using Diffusion.Runtime.Weights.Torch;

namespace Diffusion.Runtime.Weights;

/// <summary>Opens checkpoints of every format that this library reads by itself.</summary>
public static class Checkpoint
{
    private const int NamesInMessages = 5;

    /// <summary>Opens a checkpoint: everything but the elements is read and checked at once.</summary>
    /// <param name="path">
    /// A <c>.safetensors</c> file; a <c>.bin</c>, <c>.pt</c>, <c>.pth</c> or <c>.ckpt</c> file that PyTorch 1.6 or newer wrote; the
    /// <c>.index.json</c> of a checkpoint in several files; or a folder with one of these under the names that diffusers and transformers use,
    /// where safetensors are preferred.
    /// </param>
    /// <param name="variant">In a folder: which variant to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <returns>The open checkpoint; dispose it when everything is read. Its tensors live on.</returns>
    /// <remarks>A pickle is interpreted here, never run: what is not a tensor or a plain container is refused by name.</remarks>
    /// <exception cref="DiffusionException">
    /// DIF0501: nothing is there. DIF0502: the folder holds no weights. DIF0503: unknown format. DIF0504 or DIF0505: a damaged file. DIF0506: a
    /// pickle asks for code. DIF0507: a file of PyTorch 1.5 or older. DIF0508: the index does not fit its shards. DIF0510: an element type that
    /// is not supported. DIF0513: the file cannot be read.
    /// </exception>
    public static ICheckpointReader Open(string path, string? variant = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        LibTorch.Require();
        return Directory.Exists(path) ? OpenFile(CheckpointFolder.Find(path, variant)) : OpenFile(path);
    }

    /// <summary>Opens a checkpoint file of any format.</summary>
    internal static ICheckpointReader OpenFile(string path)
    {
        if (!File.Exists(path))
            throw Rules.CheckpointMissing.Error(path);

        var name = Path.GetFileName(path);
        return CheckpointFolder.IsIndex(name) ? ShardedCheckpoint.Open(path)
            : name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? Using(path, SafetensorsHeader.Read)
            : Using(path, OpenByContent);
    }

    /// <summary>The error for a tensor that is not there.</summary>
    internal static DiffusionException Missing(ICheckpointReader reader, string name) =>
        Rules.TensorMissing.Error(reader.Source, name, Some(reader.Entries.Select(entry => entry.Name).ToArray(), "tensors"));

    /// <summary>A count and the first names: <c>212 tensors (a, b, c, …)</c>.</summary>
    internal static string Some(string[] names, string what) => names.Length == 0
        ? "no " + what
        : FormattableString.Invariant($"{names.Length} {what} ({string.Join(", ", names.Take(NamesInMessages))}{(names.Length > NamesInMessages ? ", …" : "")})");

    private static MappedCheckpoint OpenByContent(WeightFile file)
    {
        var start = file.Read(0, (int)Math.Min(file.Length, 4));
        return start switch
        {
            [(byte)'P', (byte)'K', 3, 4] => TorchArchive.Read(file),
            [0x80, >= 2 and <= 5, ..] => throw Rules.TorchFileLegacy.Error(file.Path),
            [] => throw Rules.CheckpointFormat.Error(file.Path, "is empty"),
            _ => throw Rules.CheckpointFormat.Error(file.Path, "does not start as one, with " + Convert.ToHexStringLower(start)),
        };
    }

    private static MappedCheckpoint Using(string path, Func<WeightFile, MappedCheckpoint> open)
    {
        var file = WeightFile.Open(path);
        try
        {
            return open(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
