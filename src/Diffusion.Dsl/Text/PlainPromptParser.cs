using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Reads <see cref="PromptGrammar.Plain"/>: text and BREAK.</summary>
internal sealed class PlainPromptParser(string text)
{
    public IReadOnlyList<PromptSegment> Parse()
    {
        var builder = new PromptBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (PromptText.IsBreak(text, at))
            {
                builder.Break();
                at += PromptText.Break.Length - 1;
            }
            else
            {
                builder.Append(text[at]);
            }
        }

        return builder.Segments;
    }
}
