namespace Diffusion.Dsl;

/// <summary>What the compiler needs to know of a text encoder: a few values of its config.json.</summary>
/// <param name="HiddenSize"><c>hidden_size</c>: the width of the text vectors.</param>
public sealed record TextFacts(int HiddenSize)
{
    /// <summary>The facts of a config.json.</summary>
    /// <param name="json">The object.</param>
    public static TextFacts Read(JsonValue json) => new(json.Find("hidden_size")?.AsInt() ?? 512);
}
