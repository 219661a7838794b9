using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Files;

/// <summary>The config files of checkpoints that the build hands to the compiler. The compiler itself reads nothing from disk.</summary>
/// <param name="Files">The files.</param>
internal sealed record ModelFileSet(EquatableArray<ModelFile> Files) : IModelFiles
{
    /// <summary>Whether an additional file is a config file of a checkpoint.</summary>
    public static bool IsConfig(AdditionalText file) => Slashes(file.Path).Split('/').Last() is "config.json" or "scheduler_config.json" or "model_index.json";

    /// <summary>A config file as plain data.</summary>
    public static ModelFile Read(AdditionalText file, CancellationToken cancellation) => new(Slashes(file.Path), file.GetText(cancellation)?.ToString() ?? "");

    /// <summary>The config files among all additional files.</summary>
    public static ModelFileSet Of(IEnumerable<AdditionalText> files, CancellationToken cancellation) =>
        new(files.Where(IsConfig).Select(file => Read(file, cancellation)).ToEquatableArray());

    /// <summary>
    /// The file whose path ends with the checkpoint's name and <paramref name="path"/>, or that lies in the hub's cache under that name; null where there is none,
    /// or several that differ.
    /// </summary>
    public string? Find(string source, string path)
    {
        var folder = string.Join("/", Slashes(source).Split('/').SkipWhile(part => part is "." or ".." or ""));
        if (folder.Length == 0)
        {
            return null;
        }

        folder = folder.TrimEnd('/');
        var (end, cached) = ("/" + folder + "/" + path, "/models--" + folder.Replace("/", "--") + "/snapshots/");
        var texts = Files.Where(file => ("/" + file.Path).EndsWith(end, StringComparison.Ordinal) || IsSnapshot(file.Path, cached, path)).Select(file => file.Text).Distinct().Take(2).ToArray();
        return texts.Length == 1 ? texts[0] : null;
    }

    // models--owner--name/snapshots/REVISION/unet/config.json
    private static bool IsSnapshot(string file, string cached, string path) => file.IndexOf(cached, StringComparison.Ordinal) is var at and >= 0
        && file.IndexOf('/', at + cached.Length) is var revision and >= 0
        && string.CompareOrdinal(file.Substring(revision + 1), path) == 0;

    private static string Slashes(string path) => path.Replace('\\', '/');
}
