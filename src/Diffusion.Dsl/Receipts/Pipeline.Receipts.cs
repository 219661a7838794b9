namespace Diffusion.Dsl;

/// <content>Pipelines out of pictures and texts, and back.</content>
public sealed partial record Pipeline
{
    /// <summary>A pipeline of which nothing is said yet.</summary>
    internal static Pipeline Empty => new();

    /// <summary>The pipeline that a picture was made by, as its receipt has it; <see cref="Receipt.Read"/> gives prompt and seed as well.</summary>
    /// <param name="path">A PNG file that this library saved.</param>
    /// <exception cref="DiffusionException">As <see cref="Receipt.Read"/>.</exception>
    [ReadsFiles]
    public static Pipeline FromImage(string path) => Receipt.Read(path).Pipeline;

    /// <summary>The pipeline that a JSON object of <see cref="ToJson"/> holds.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="DiffusionException">DIF0464: it names something that this version does not know; DIF0581, DIF0582: a value is missing or not of its kind.</exception>
    public static Pipeline FromJson(JsonValue json) => PipelineJson.Read(json);

    /// <summary>The pipeline as strict JSON: what the definition says and nothing more, keys in fixed order. <see cref="FromJson"/> gives an equal pipeline.</summary>
    public JsonValue ToJson() => PipelineJson.Write(this);
}
