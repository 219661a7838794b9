using System;
using System.Collections.Generic;
using System.Text.Json;
using Diffusion.Runtime.Weights;

namespace Diffusion.Runtime.Text;

/// <summary>Reads <c>vocab.json</c>. Fifty thousand tokens are read at every start, so no tree of values is made of them.</summary>
internal static class VocabularyJson
{
    /// <summary>The members of an object of whole numbers; of members with the same name the last one counts, as in Python.</summary>
    /// <param name="text">The file in UTF-8.</param>
    /// <exception cref="FormatException">It is something else; the message says what, to be read behind the file's name.</exception>
    public static Dictionary<string, int> Read(ReadOnlySpan<byte> text)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(text);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new FormatException("it is no JSON object");

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var token = reader.GetString()!;
                reader.Read();
                tokens[token] = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var id)
                    ? id
                    : throw new FormatException($"the token '{FileText.Printable(token)}' has no whole number");
            }

            reader.Read(); // What follows the object is an error, too.
            return tokens;
        }
        catch (JsonException e)
        {
            throw new FormatException("it is not JSON", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("it is no text in UTF-8", e);
        }
    }
}
