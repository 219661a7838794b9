using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Text;

/// <content>Prompts of any length.</content>
public sealed partial class ClipTokenizer
{
    /// <summary>A text in chunks of <see cref="MaxLength"/>; the word <c>BREAK</c> starts a new one.</summary>
    /// <param name="text">Any text, without weights.</param>
    /// <param name="commaBacktrack">How many tokens before its end a chunk may end with a comma instead of amid what follows it; 0: never. 20 is the webui's.</param>
    /// <exception cref="DiffusionException">DIF0708: a negative distance.</exception>
    public TokenChunks Chunks(string text, int commaBacktrack = 20) => Chunks(WeightedPrompt.Parse(text, PromptGrammar.Plain), commaBacktrack);

    /// <summary>A prompt in chunks of <see cref="MaxLength"/>, each token with the weight of its segment. Segments are encoded one by one, so a word ends with its segment.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="commaBacktrack">How many tokens before its end a chunk may end with a comma instead of amid what follows it; 0: never. 20 is the webui's.</param>
    /// <exception cref="DiffusionException">DIF0708: a negative distance.</exception>
    public TokenChunks Chunks(WeightedPrompt prompt, int commaBacktrack = 20)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (commaBacktrack < 0)
            throw Rules.ChunksOutOfRange.Error("the distance of a comma from the end of its chunk", commaBacktrack, "it counts tokens", "0 (never) or more; 20 is usual");

        var writer = new ChunkWriter(MaxLength - 2, _vocabulary.Find("," + ByteAlphabet.WordEnd), commaBacktrack);
        foreach (var segment in prompt.Segments)
        {
            if (segment.IsBreak)
                writer.Close();
            foreach (var id in Words(segment.Text).SelectMany(word => word.Ids))
                writer.Add(id, segment.Weight);
        }

        return new(writer.Finish().Select(Chunk).ToEquatableArray(), Chunk([]));
    }

    private TokenChunk Chunk(IReadOnlyList<KeyValuePair<int, double>> tokens)
    {
        var weights = tokens.Select(token => token.Value).Prepend(1d).Concat(Enumerable.Repeat(1d, MaxLength)).Take(MaxLength);
        return new(Padded(tokens.Select(token => token.Key)), weights.ToEquatableArray(), Mask(tokens.Count), tokens.Count + 2);
    }
}
