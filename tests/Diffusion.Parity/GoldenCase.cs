using System.IO;
using Diffusion.Dsl;

namespace Diffusion.Parity;

/// <summary>One thing to compare, found by its content.</summary>
/// <param name="Name">The path below the folder, with an index where a file holds several.</param>
/// <param name="Path">The full path of the case's file; of its folder for a model.</param>
/// <param name="Content">The JSON that describes it: the file, the file's entry, or a model's config.json.</param>
/// <param name="Flaw">Why it cannot be read; null if it can.</param>
internal sealed record GoldenCase(string Name, string Path, JsonValue Content, string? Flaw = null)
{
    /// <summary>Whether <see cref="Path"/> is a folder with a model, its weights and recorded inputs and outputs.</summary>
    public bool IsModel { get; init; }

    /// <summary>The file that the case is an entry of, which says what its entries share; null where the case is the whole file.</summary>
    public JsonValue? Whole { get; init; }

    /// <summary>The string at <paramref name="key"/>, or null where there is none.</summary>
    public string? Word(string key) => Content.Kind == JsonKind.Object && Content.Find(key) is { Kind: JsonKind.String } word ? word.AsString() : null;

    /// <summary>The file or folder that a case names relative to the place of all pipelines, somewhere above it.</summary>
    public string Beside(string name)
    {
        for (var above = System.IO.Path.GetDirectoryName(Path); above is not null; above = System.IO.Path.GetDirectoryName(above))
        {
            var candidate = System.IO.Path.Combine(above, name);
            if (File.Exists(candidate) || Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new GoldenException($"there is no '{name}' beside or above the case");
    }

    /// <summary>Whether the case says anything about <paramref name="key"/>.</summary>
    public bool Has(string key) => Content.Kind == JsonKind.Object && Content.Find(key) is { IsNull: false };
}
