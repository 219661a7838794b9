using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Weights.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights;

/// <summary>Moves parameters and buffers between modules and checkpoints.</summary>
public static class StateDict
{
    private const int NamesInMessages = 5;

    // Bytes of weights in the file after whose packing the heap gives back what it holds.
    private const long PackedAtATime = 256 << 20;

    /// <summary>Fills the parameters and persistent buffers of a module with the tensors of a checkpoint, converting element types.</summary>
    /// <param name="module">The module; its parameters keep their element types and devices.</param>
    /// <param name="reader">The checkpoint; not disposed.</param>
    /// <param name="rename">Gives the module's name for a name of the checkpoint, or null to leave that tensor out; null keeps all names.</param>
    /// <param name="strict">Whether a missing, unexpected or mismatched tensor is an error. If not, see the report.</param>
    /// <param name="assign">
    /// Whether CPU parameters of the file's element type take over the mapped file as their memory, instead of a copy: no memory until a page is
    /// touched, and the file must not change for as long as the module lives. Writing to such a parameter never changes the file.
    /// </param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors; the module is then partly filled.</param>
    /// <returns>What was loaded and what did not fit.</returns>
    /// <remarks>Everything is compared before the first element is copied: an error of the list leaves the module as it was.</remarks>
    /// <exception cref="DiffusionException">DIF0511: the checkpoint does not fit, with names. DIF0512: two tensors renamed to one.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static LoadReport Load(
        nn.Module module,
        ICheckpointReader reader,
        Func<string, string?>? rename = null,
        bool strict = true,
        bool assign = false,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        Load(module, reader, rename, strict, assign ? WeightMemory.Mapped : WeightMemory.Copied, progress, cancellation);

    /// <summary>The same with packed weights as well.</summary>
    internal static LoadReport Load(
        nn.Module module,
        ICheckpointReader reader,
        Func<string, string?>? rename,
        bool strict,
        WeightMemory memory,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(reader);
        Packing.Unpack(module);
        var targets = module.state_dict();
        var sources = Renamed(reader, rename);
        var report = Compare(targets, sources);
        if (strict && !report.IsComplete)
            throw Rules.StateDictMismatch.Error(reader.Source, module.GetName(), Explain(report, targets, sources, reader));

        var skipped = report.Mismatched.ToHashSet(StringComparer.Ordinal);
        var pairs = sources.Where(source => targets.ContainsKey(source.Key) && !skipped.Contains(source.Key)).ToArray();
        var layers = memory == WeightMemory.Packed ? Packing.Weights(module) : [];
        var total = Math.Max(1, pairs.Sum(pair => pair.Value.ByteCount));
        var (done, packed) = (0L, 0L);
        using var staging = new StagingWeight();
        foreach (var (name, entry) in pairs)
        {
            cancellation.ThrowIfCancellationRequested();
            if (packed >= PackedAtATime)
            {
                HeapPolicy.GiveBack();
                packed = 0;
            }

            if (layers.TryGetValue(name, out var layer))
            {
                Pack(layer, targets[name], reader, entry, staging);
                packed += entry.ByteCount;
            }
            else
            {
                Fill(targets[name], reader, entry, memory == WeightMemory.Mapped);
            }

            done += entry.ByteCount;
            progress?.Report((double)done / total);
        }

        return report;
    }

    /// <summary>Writes the parameters and persistent buffers of a module to a safetensors file, whole or not at all.</summary>
    /// <param name="module">The module; not changed.</param>
    /// <param name="path">Where to write; an older file of that name is replaced.</param>
    /// <param name="type">The element type in the file of all floating-point tensors; null keeps each tensor's own.</param>
    /// <exception cref="DiffusionException">DIF0510: an element type that the format lacks. DIF0514: the file cannot be written.</exception>
    public static void Save(nn.Module module, string path, ScalarType? type = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(path, Packing.StateDict(module), type);
    }

    private static SortedDictionary<string, TensorEntry> Renamed(ICheckpointReader reader, Func<string, string?>? rename)
    {
        var renamed = new SortedDictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var entry in reader.Entries)
        {
            var name = rename is null ? entry.Name : rename(entry.Name);
            if (name is not null && !renamed.TryAdd(name, entry))
                throw Rules.RenameCollision.Error(name, renamed[name].Name, entry.Name, reader.Source);
        }

        return renamed;
    }

    private static LoadReport Compare(Dictionary<string, Tensor> targets, SortedDictionary<string, TensorEntry> sources)
    {
        var mismatched = sources.Where(source => targets.TryGetValue(source.Key, out var target) && !Fits(target, source.Value)).Select(source => source.Key).ToEquatableArray();
        var common = sources.Keys.Count(targets.ContainsKey);
        return new LoadReport(
            common - mismatched.Count,
            targets.Keys.Where(name => !sources.ContainsKey(name)).Order(StringComparer.Ordinal).ToEquatableArray(),
            sources.Keys.Where(name => !targets.ContainsKey(name)).ToEquatableArray(),
            mismatched);
    }

    private static bool Fits(Tensor target, TensorEntry source) =>
        source.Shape.SequenceEqual(target.shape) && (!ElementTypes.IsFloat(source.Type) || !ElementTypes.IsKnown(target.dtype) || ElementTypes.IsFloat(target.dtype));

    private static string Explain(LoadReport report, Dictionary<string, Tensor> targets, SortedDictionary<string, TensorEntry> sources, ICheckpointReader reader)
    {
        return string.Join("; ", new[]
        {
            List("missing from the file", report.Missing, name => $"{name}{InFile(name)} {targets[name].shape.ToEquatableArray()}"),
            List("unknown to the model", report.Unexpected, name => $"{name} {sources[name].Shape}"),
            List("different", report.Mismatched, name => $"{name}{InFile(sources[name].Name)} is {sources[name].Type} {sources[name].Shape} in the file, {targets[name].dtype} {targets[name].shape.ToEquatableArray()} in the model"),
        }.Where(part => part.Length > 0));

        string InFile(string name) => reader.NameInFile(name) is var original && original == name ? "" : $" (in the file {original})";
    }

    private static string List(string what, EquatableArray<string> names, Func<string, string> tell) => names.IsEmpty
        ? ""
        : FormattableString.Invariant($"{names.Count} {what} ({string.Join(", ", names.Take(NamesInMessages).Select(tell))}{(names.Count > NamesInMessages ? ", …" : "")})");

    // From the mapped file straight into the packed order, where types agree; its pages are let go. Otherwise through memory that all weights share.
    private static void Pack(IPackable layer, Tensor target, ICheckpointReader reader, TensorEntry entry, StagingWeight staging)
    {
        var hasAddress = target.device.type == DeviceType.CPU && target.numel() > 0;
        var isStaged = hasAddress && entry.Type != target.dtype;
        if (isStaged)
            staging.Lend(target);
        Fill(target, reader, entry, assign: true);
        var address = hasAddress ? Kernels.Memory.Address(target) : 0;
        var isMapped = hasAddress && MappedViews.Holds(address);
        layer.Packed.Pack();
        if (layer.Packed.IsPacked && isMapped)
            PageAdvice.LetGo(address, entry.ByteCount);
        else if (!layer.Packed.IsPacked && (isMapped || isStaged))
            Own(target);
    }

    // The same numbers in memory of its own.
    private static void Own(Tensor target)
    {
        using var guard = no_grad();
        using var copy = target.detach().clone();
        target.set_(copy);
    }

    private static void Fill(Tensor target, ICheckpointReader reader, TensorEntry entry, bool assign)
    {
        using var guard = no_grad();
        if (!assign || entry.Type != target.dtype || target.device.type != DeviceType.CPU)
        {
            reader.CopyTo(entry.Name, target);
            return;
        }

        // Same wrapper, same parameter object for whoever holds it; only its memory changes.
        using var read = reader.Read(entry.Name);
        using var plain = read.contiguous();
        target.set_(plain);
    }
}
