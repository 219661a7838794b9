using System;

namespace Diffusion.Dsl;

/// <summary>Models by name as receipts hold them.</summary>
internal static class ModelJson
{
    public static JsonValue Write(VaeModel vae) => Fields.Object(
        Fields.Of("source", vae.Source),
        Fields.Of("subfolder", vae.Subfolder),
        Fields.Of("facts", vae.Facts is { } facts
            ? Fields.Object(Fields.Of("latentChannels", facts.LatentChannels), Fields.Of("factor", facts.Factor), Fields.Of("scalingFactor", facts.ScalingFactor))
            : null));

    public static JsonValue Write(TextModel text) => Fields.Object(
        Fields.Of("source", text.Source),
        Fields.Of("subfolder", text.Subfolder),
        Fields.Of("tokenizer", text.Tokenizer),
        Fields.Of("clipSkip", text.ClipSkip == 0 ? null : text.ClipSkip),
        Fields.Of("grammar", text.Grammar == PromptGrammar.Plain ? null : text.Grammar.ToString()),
        Fields.Of("facts", text.Facts is { } facts ? Fields.Object(Fields.Of("hiddenSize", facts.HiddenSize)) : null));

    public static JsonValue Write(UnetModel unet) => Fields.Object(
        Fields.Of("source", unet.Source),
        Fields.Of("subfolder", unet.Subfolder),
        Fields.Of("facts", unet.Facts is { } facts ? Write(facts) : null));

    public static VaeModel Vae(JsonValue json)
    {
        Fields.Known(json, "vae", "source", "subfolder", "facts");
        var facts = Fields.Find(json, "facts") is { } said
            ? new VaeFacts(Known(said, "latentChannels", "factor", "scalingFactor")["latentChannels"].AsInt(), said["factor"].AsInt(), OptionJson.Number(said["scalingFactor"]))
            : null;
        return new VaeModel(json["source"].AsString()) { Subfolder = json["subfolder"].AsString(), Facts = facts };
    }

    public static TextModel Text(JsonValue json)
    {
        Fields.Known(json, "text encoder", "source", "subfolder", "tokenizer", "clipSkip", "grammar", "facts");
        return new TextModel(json["source"].AsString())
        {
            Subfolder = json["subfolder"].AsString(),
            Tokenizer = json["tokenizer"].AsString(),
            ClipSkip = Fields.Integer(json, "clipSkip") ?? 0,
            Grammar = Fields.Words(json, "grammar") is { } word ? Grammar(word) : PromptGrammar.Plain,
            Facts = Fields.Find(json, "facts") is { } facts ? new TextFacts(Known(facts, "hiddenSize")["hiddenSize"].AsInt()) : null,
        };
    }

    public static UnetModel Unet(JsonValue json)
    {
        Fields.Known(json, "unet", "source", "subfolder", "facts");
        return new UnetModel(json["source"].AsString()) { Subfolder = json["subfolder"].AsString(), Facts = Fields.Find(json, "facts") is { } facts ? UnetFacts(facts) : null };
    }

    private static JsonValue Write(UnetFacts facts) => Fields.Object(
        Fields.Of("inChannels", facts.InChannels),
        Fields.Of("outChannels", facts.OutChannels),
        Fields.Of("sampleHeight", facts.SampleHeight),
        Fields.Of("sampleWidth", facts.SampleWidth),
        Fields.Of("crossAttentionDim", facts.CrossAttentionDim),
        Fields.Of("className", facts.ClassName),
        Fields.Of("classes", facts.Classes),
        Fields.Of("nullClass", facts.NullClass));

    private static UnetFacts UnetFacts(JsonValue json) => new(
        Known(json, "inChannels", "outChannels", "sampleHeight", "sampleWidth", "crossAttentionDim", "className", "classes", "nullClass")["inChannels"].AsInt(),
        json["outChannels"].AsInt(),
        Fields.Integer(json, "sampleHeight"),
        Fields.Integer(json, "sampleWidth"),
        Fields.Integer(json, "crossAttentionDim"),
        json["className"].AsString(),
        Fields.Integer(json, "classes"),
        Fields.Integer(json, "nullClass"));

    private static JsonValue Known(JsonValue json, params string[] names) => Fields.Known(json, "facts", names);

    private static PromptGrammar Grammar(string word) => Enum.TryParse<PromptGrammar>(word, out var grammar) && grammar.ToString() == word
        ? grammar
        : throw Rules.ReceiptUnknownName.Error("grammar", word, string.Join(", ", Enum.GetNames(typeof(PromptGrammar))));
}
