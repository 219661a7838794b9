using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Text;

/// <summary>The JSON files of a tokenizer, as transformers writes them.</summary>
internal static class TokenizerJson
{
    public static string Vocabulary(Vocabulary vocabulary) => JsonValue
        .Object(vocabulary.Tokens.OrderBy(token => token.Key).Select(token => new JsonMember(token.Value, JsonValue.Of(token.Key))))
        .ToIndentedString(sortKeys: false);

    public static string SpecialTokens(ClipTokenizerSettings settings) => Special(settings).ToIndentedString();

    public static string Config(ClipTokenizerSettings settings) => Special(settings)
        .With("errors", JsonValue.Of("replace"))
        .With("model_max_length", JsonValue.Of(settings.MaxLength))
        .With("tokenizer_class", JsonValue.Of("CLIPTokenizer"))
        .ToIndentedString();

    public static string Added(ClipTokenizerSettings settings, Vocabulary vocabulary) => JsonValue
        .Object(settings.Added.Select(token => new JsonMember(token, JsonValue.Of(vocabulary.Special("added", token)))))
        .ToIndentedString(sortKeys: false);

    private static JsonValue Special(ClipTokenizerSettings settings) => JsonValue.EmptyObject
        .With("bos_token", JsonValue.Of(settings.Start))
        .With("eos_token", JsonValue.Of(settings.End))
        .With("pad_token", JsonValue.Of(settings.Pad))
        .With("unk_token", JsonValue.Of(settings.Unknown));
}
