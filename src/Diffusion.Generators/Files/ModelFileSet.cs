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
    public static bool IsConfig(AdditionalText file) => Slashes(file.Path).Split('/').Last() is "config.json" or "scheduler_config.json";

    /// <summary>A config file as plain data.</summary>
    public static ModelFile Read(AdditionalText file, CancellationToken cancellation) => new(Slashes(file.Path), file.GetText(cancellation)?.ToString() ?? "");

    /// <summary>The config files among all additional files.</summary>
    public static ModelFileSet Of(IEnumerable<AdditionalText> files, CancellationToken cancellation) =>
        new(files.Where(IsConfig).Select(file => Read(file, cancellation)).ToEquatableArray());

    /// <summary>The file whose path ends with the checkpoint's name and <paramref name="path"/>; null where none does, or several that differ.</summary>
    public string? Find(string source, string path)
    {
        var folder = string.Join("/", Slashes(source).Split('/').SkipWhile(part => part is "." or ".." or ""));
        if (folder.Length == 0)
        {
            return null;
        }

        var end = "/" + folder.TrimEnd('/') + "/" + path;
        var texts = Files.Where(file => file.Path.EndsWith(end, StringComparison.Ordinal)).Select(file => file.Text).Distinct().Take(2).ToArray();
        return texts.Length == 1 ? texts[0] : null;
    }

    private static string Slashes(string path) => path.Replace('\\', '/');
}
