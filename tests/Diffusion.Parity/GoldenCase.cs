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

    /// <summary>Whether the case says anything about <paramref name="key"/>.</summary>
    public bool Has(string key) => Content.Kind == JsonKind.Object && Content.Find(key) is { IsNull: false };
}
