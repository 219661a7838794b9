using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Parity;

/// <summary>Finds the cases of a folder by what the files hold; names and numbers of files mean nothing.</summary>
internal static class GoldenFolder
{
    private const string Recorded = "io.safetensors";

    // The names under which diffusers and transformers keep weights beside a config.json.
    private static readonly string[] Weights = ["diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin", "model.safetensors", "pytorch_model.bin"];

    /// <summary>The cases below <paramref name="root"/>, in the order of their names.</summary>
    public static IEnumerable<GoldenCase> Cases(string root) => In(root, root);

    private static IEnumerable<GoldenCase> In(string root, string folder)
    {
        // A pipeline's own folder is what its cases load, not a case.
        if (File.Exists(Path.Combine(folder, "model_index.json")))
        {
            return [];
        }

        if (File.Exists(Path.Combine(folder, Recorded)) || File.Exists(Path.Combine(folder, "config.json")))
        {
            return [Model(root, folder)];
        }

        return Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).SelectMany(file => InFile(root, file))
            .Concat(Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(inner => In(root, inner)));
    }

    private static GoldenCase Model(string root, string folder)
    {
        var golden = new GoldenCase(Name(root, folder), folder, JsonValue.Null) { IsModel = true };
        if (!File.Exists(Path.Combine(folder, "config.json")))
        {
            return Weights.Any(name => File.Exists(Path.Combine(folder, name))) ? golden with { Flaw = "the folder has weights but no config.json" } : golden;
        }

        var config = Read(Path.Combine(folder, "config.json"), out var flaw);
        flaw ??= config.Kind == JsonKind.Object ? null : $"config.json holds {config.Kind} where an object should be";
        flaw ??= File.Exists(Path.Combine(folder, Recorded)) ? null : $"the folder has a config.json but no {Recorded}; there is nothing to compare with";
        return golden with { Content = config, Flaw = flaw };
    }

    private static IEnumerable<GoldenCase> InFile(string root, string file)
    {
        var content = Read(file, out var flaw);
        var name = Name(root, file);
        if (flaw is not null || content.Kind != JsonKind.Object)
        {
            return [new(name, file, content, flaw ?? $"the file holds {content.Kind} where an object should be")];
        }

        if (IsCatalogue(content))
        {
            return [];
        }

        return [new GoldenCase(name, file, content)];
    }

    // A list of what lies in the folder: each entry says its class or kind and holds no numbers to compare.
    private static bool IsCatalogue(JsonValue content) => content.Members.Count > 0 && content.Members.All(member =>
        member.Value.Kind == JsonKind.Object && member.Value.Members.Any(entry => entry.Name is "cls" or "kind"));

    private static JsonValue Read(string file, out string? flaw)
    {
        try
        {
            flaw = null;
            return JsonValue.Parse(File.ReadAllText(file), Path.GetFileName(file));
        }
        catch (Exception exception) when (exception is DiffusionException or IOException or UnauthorizedAccessException)
        {
            flaw = exception.Message;
            return JsonValue.Null;
        }
    }

    private static string Name(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');
}
