using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights;

/// <summary>The names under which diffusers and transformers keep weights in a model's folder.</summary>
internal static class CheckpointFolder
{
    // Best first. An index stands for the files that it names.
    private static readonly string[] Names =
    [
        "diffusion_pytorch_model.safetensors",
        "diffusion_pytorch_model.safetensors.index.json",
        "model.safetensors",
        "model.safetensors.index.json",
        "diffusion_pytorch_model.bin",
        "diffusion_pytorch_model.bin.index.json",
        "pytorch_model.bin",
        "pytorch_model.bin.index.json",
    ];

    /// <summary>Whether a file name is that of an index, with or without a variant.</summary>
    public static bool IsIndex(string name) =>
        name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && name.Contains(".index.", StringComparison.OrdinalIgnoreCase);

    /// <summary>The paths of the files of weights in a folder: one, or the shards that its index names.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <exception cref="DiffusionException">DIF0502, DIF0508: as for opening it.</exception>
    public static IReadOnlyList<string> Files(string folder)
    {
        var file = Find(folder, null);
        return IsIndex(Path.GetFileName(file)) ? ShardedCheckpoint.Files(file) : [file];
    }

    /// <summary>The path of the weights file or index in a folder.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="variant">The variant wanted; null takes the plain file, or else the only variant.</param>
    /// <exception cref="DiffusionException">DIF0502: there is none, or there are several variants and none was asked for.</exception>
    public static string Find(string folder, string? variant)
    {
        var wanted = Names.SelectMany(name => variant is null ? [name] : WithVariant(name, variant)).FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
        if (wanted is not null)
            return Path.Combine(folder, wanted);

        // A checkpoint that was published as fp16 alone has no plain file.
        var files = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToArray();
        var variants = files.Select(VariantOf).OfType<string>().Distinct().ToArray();
        return (variant, variants) switch
        {
            (null, [var only]) => Find(folder, only),
            (null, []) => throw Rules.CheckpointFolder.Error(folder, Checkpoint.Some(files, "files"), Names[0]),
            (null, _) => throw Rules.CheckpointFolder.Error(folder, "only the variants " + string.Join(", ", variants), Names[0] + " (or ask for one variant)"),
            _ => throw Rules.CheckpointFolder.Error(folder, Checkpoint.Some(files, "files"), WithVariant(Names[0], variant)[0]),
        };
    }

    private static string[] WithVariant(string name, string variant) => [.. Forms(name).Select(form => form.Head + "." + variant + form.Tail)];

    private static string? VariantOf(string name) => Names
        .SelectMany(Forms)
        .Where(form => name.Length > form.Head.Length + 1 + form.Tail.Length
            && name.StartsWith(form.Head + ".", StringComparison.Ordinal)
            && name.EndsWith(form.Tail, StringComparison.Ordinal))
        .Select(form => name[(form.Head.Length + 1)..^form.Tail.Length])
        .FirstOrDefault(variant => !variant.Contains('.', StringComparison.Ordinal) && !variant.Contains("-of-", StringComparison.Ordinal)); // not a shard

    // diffusers puts the variant before the last ending, model.safetensors.index.fp16.json; older versions of it behind the first word.
    private static (string Head, string Tail)[] Forms(string name)
    {
        var first = name.IndexOf('.', StringComparison.Ordinal);
        var last = name.LastIndexOf('.');
        return first == last ? [(name[..last], name[last..])] : [(name[..last], name[last..]), (name[..first], name[first..])];
    }
}
