namespace Diffusion.Dsl;

/// <summary>What the compiler needs to know of a text encoder: a few values of its config.json.</summary>
/// <param name="HiddenSize"><c>hidden_size</c>: the width of the text vectors.</param>
public sealed record TextFacts(int HiddenSize)
{
    /// <summary>The facts of a config.json. T5 calls the width <c>d_model</c>; a whole CLIP has its text tower under <c>text_config</c>.</summary>
    /// <param name="json">The object.</param>
    public static TextFacts Read(JsonValue json)
    {
        var tower = json.Find("text_config") is { Kind: JsonKind.Object } text ? text : json;
        return new((tower.Find("hidden_size") ?? tower.Find("d_model"))?.AsInt() ?? 512);
    }
}
