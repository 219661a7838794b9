using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Weights;

/// <summary>A checkpoint in several files, with an index that says which tensor lies in which.</summary>
internal sealed class ShardedCheckpoint : ICheckpointReader
{
    private const int MostIndexBytes = 100_000_000;

    private readonly ICheckpointReader[] _shards;
    private readonly Dictionary<string, ICheckpointReader> _shardOf;

    private ShardedCheckpoint(string source, ICheckpointReader[] shards, Dictionary<string, ICheckpointReader> shardOf)
    {
        (Source, _shards, _shardOf) = (source, shards, shardOf);
        Entries = [.. shards.SelectMany(shard => shard.Entries).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        Metadata = shards.SelectMany(shard => shard.Metadata).DistinctBy(pair => pair.Key).ToDictionary(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The paths of the shards that an index names, in order of their names.</summary>
    /// <exception cref="DiffusionException">DIF0508: the index is damaged.</exception>
    public static IReadOnlyList<string> Files(string path) =>
        [.. ReadMap(path).Values.Distinct().Order(StringComparer.Ordinal).Select(file => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, file))];

    /// <summary>Opens the index and every shard that it names.</summary>
    /// <exception cref="DiffusionException">DIF0508: the index is damaged or does not fit; and what opening a shard reports.</exception>
    public static ShardedCheckpoint Open(string path)
    {
        var map = ReadMap(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var shards = new List<ICheckpointReader>();
        try
        {
            var byFile = new Dictionary<string, ICheckpointReader>(StringComparer.Ordinal);
            foreach (var file in map.Values.Distinct().Order(StringComparer.Ordinal))
            {
                if (!File.Exists(Path.Combine(folder, file)))
                    throw Rules.ShardIndexInvalid.Error(path, $"names the shard {file}, which is not beside it");
                shards.Add(byFile[file] = Checkpoint.OpenFile(Path.Combine(folder, file)));
            }

            return new ShardedCheckpoint(path, [.. shards], Match(path, map, byFile));
        }
        catch
        {
            shards.ForEach(shard => shard.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null, Device? device = null) => ShardOf(name).Read(name, type, device);

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor destination) => ShardOf(name).CopyTo(name, destination);

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_shards, shard => shard.Dispose());

    private ICheckpointReader ShardOf(string name) => _shardOf.TryGetValue(name, out var shard) ? shard : throw Checkpoint.Missing(this, name);

    private static Dictionary<string, string> ReadMap(string path)
    {
        JsonValue json;
        using (var file = WeightFile.Open(path))
        {
            if (file.Length > MostIndexBytes)
                throw Rules.ShardIndexInvalid.Error(path, $"has {file.Length} bytes, more than the {MostIndexBytes} allowed");
            json = JsonValue.Parse(System.Text.Encoding.UTF8.GetString(file.Read(0, (int)file.Length)), path);
        }

        if (json.Find("weight_map") is not { Kind: JsonKind.Object } map)
            throw Rules.ShardIndexInvalid.Error(path, "has no object weight_map");

        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in map.Members)
        {
            if (member.Value.Kind != JsonKind.String || !IsPlainFileName(member.Value.AsString()))
                throw Rules.ShardIndexInvalid.Error(path, $"puts the tensor '{FileText.Printable(member.Name)}' into something else than a weights file beside it");
            result[member.Name] = member.Value.AsString();
        }

        return result.Count > 0 ? result : throw Rules.ShardIndexInvalid.Error(path, "names no tensor");
    }

    // An index of an index could refer to itself; a path could lead anywhere.
    private static bool IsPlainFileName(string name) =>
        name is not ("" or "." or "..") && name.IndexOfAny(['/', '\\', ':', '\0']) < 0 && !name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, ICheckpointReader> Match(string path, Dictionary<string, string> map, Dictionary<string, ICheckpointReader> byFile)
    {
        var shardOf = new Dictionary<string, ICheckpointReader>(StringComparer.Ordinal);
        foreach (var (file, shard) in byFile)
        {
            foreach (var entry in shard.Entries)
            {
                if (!shardOf.TryAdd(entry.Name, shard))
                    throw Rules.ShardIndexInvalid.Error(path, $"has the tensor '{FileText.Printable(entry.Name)}' in two shards");
            }
        }

        foreach (var (name, file) in map)
        {
            if (shardOf.GetValueOrDefault(name) != byFile[file])
                throw Rules.ShardIndexInvalid.Error(path, $"puts the tensor '{FileText.Printable(name)}' into {file}, which does not hold it");
        }

        return shardOf;
    }
}
