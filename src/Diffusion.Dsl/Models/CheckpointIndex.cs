using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What a pipeline's model_index.json says: which parts the checkpoint has.</summary>
/// <param name="Source">The checkpoint.</param>
/// <param name="Parts">The folders of the parts, such as <c>unet</c>, in order.</param>
internal sealed record CheckpointIndex(string Source, EquatableArray<string> Parts)
{
    /// <summary>The file's name inside a checkpoint.</summary>
    public const string FileName = "model_index.json";

    /// <summary>The parts of a model_index.json: members with a library and a class; <c>[null, null]</c> is a part that was left out.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="json">The object.</param>
    public static CheckpointIndex Read(string source, JsonValue json) => new(
        source,
        json.Members
            .Where(member => member.Value is { Kind: JsonKind.Array, Items: { Count: 2 } pair } && pair.All(item => !item.IsNull))
            .Select(member => member.Name)
            .ToEquatableArray());
}
