using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Weights;
using TorchSharp.PyBridge;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.PyBridge;

/// <summary>A checkpoint that TorchSharp.PyBridge has read: the adapter between its readers and <see cref="StateDict"/>.</summary>
/// <remarks>
/// Everything is in memory as soon as the file is open, twice when it has been copied into a model; <see cref="Checkpoint.Open"/> needs half.
/// Tensors of a PyTorch file that are views with an offset, or that share their storage, are read wrongly by TorchSharp.PyBridge 1.4.3.
/// </remarks>
public sealed class PyBridgeCheckpoint : ICheckpointReader
{
    private readonly Dictionary<string, Tensor> _tensors;

    private PyBridgeCheckpoint(string source, Dictionary<string, Tensor> tensors)
    {
        Source = source;
        _tensors = tensors;
        Entries =
        [
            .. tensors
                .Select(pair => new TensorEntry(pair.Key, pair.Value.dtype, pair.Value.shape.ToEquatableArray()))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>Empty: TorchSharp.PyBridge does not read metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>Reads a whole checkpoint file through TorchSharp.PyBridge.</summary>
    /// <param name="path">A <c>.safetensors</c> file, or a file that <c>torch.save(model.state_dict(), …)</c> wrote.</param>
    /// <returns>The checkpoint; dispose it to free its tensors.</returns>
    /// <exception cref="DiffusionException">DIF0501: there is no such file. DIF0504 or DIF0505: TorchSharp.PyBridge cannot read it, with its reason.</exception>
    public static PyBridgeCheckpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        LibTorch.Require();
        if (!File.Exists(path))
            throw Rules.CheckpointMissing.Error(path);

        var isSafetensors = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        try
        {
            return new PyBridgeCheckpoint(path, isSafetensors ? Safetensors.LoadStateDict(path) : Unpickle(path));
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or DiffusionException))
        {
            // PyBridge lets through whatever its parsers throw; none of it is meant for users.
            var rule = isSafetensors ? Rules.SafetensorsDamaged : Rules.TorchFileDamaged;
            var reason = exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new DiffusionException(rule.Found(path, $"TorchSharp.PyBridge reports {exception.GetType().Name}, {reason}"), exception);
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null, Device? device = null)
    {
        var tensor = Find(name);
        using var guard = no_grad();
        using var onDevice = tensor.to(device ?? CPU);
        return onDevice.to(type ?? tensor.dtype, copy: true);
    }

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor destination)
    {
        var tensor = Find(name);
        if (!tensor.shape.AsSpan().SequenceEqual(destination.shape))
            throw Rules.TensorShape.Error(name, Source, tensor.shape.ToEquatableArray(), destination.shape.ToEquatableArray());

        using var guard = no_grad();
        using var target = destination.detach();
        target.copy_(tensor);
    }

    /// <summary>Frees the tensors; those that <see cref="Read"/> gave belong to their callers.</summary>
    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();
    }

    private static Dictionary<string, Tensor> Unpickle(string path)
    {
        using var stream = File.OpenRead(path);
        var table = PyTorchUnpickler.UnpickleStateDict(stream, leaveOpen: true);
        var state = table["state_dict"] as Hashtable ?? table;
        var tensors = state.Cast<DictionaryEntry>()
            .Where(entry => entry is { Key: string, Value: Tensor })
            .ToDictionary(entry => (string)entry.Key, entry => (Tensor)entry.Value!, StringComparer.Ordinal);
        return tensors.Count > 0 ? tensors : throw Rules.TorchFileDamaged.Error(path, "it holds no tensors under names");
    }

    private Tensor Find(string name) => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw Rules.TensorMissing.Error(Source, name, FormattableString.Invariant($"{_tensors.Count} tensors"));
}
