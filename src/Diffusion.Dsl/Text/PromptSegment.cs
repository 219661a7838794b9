using System;
using System.Text;

namespace Diffusion.Dsl;

/// <summary>A part of a prompt with one weight, or the end of a chunk.</summary>
/// <param name="Text">The text, without any markup; empty for a break.</param>
/// <param name="Weight">How much its tokens count: 1 is as usual, 0 not at all.</param>
public sealed record PromptSegment(string Text, double Weight = 1)
{
    /// <summary>The end of a chunk: what follows is given to the text encoder apart from what came before.</summary>
    public static PromptSegment Break { get; } = new("") { IsBreak = true };

    /// <summary>Whether this is no text but the end of a chunk.</summary>
    public bool IsBreak { get; private init; }

    /// <summary>The same segment with another text.</summary>
    /// <param name="text">The text, without any markup.</param>
    public PromptSegment WithText(string text) => this with { Text = text ?? throw new ArgumentNullException(nameof(text)), IsBreak = false };

    /// <summary>The same segment with another weight; a break stays as it is.</summary>
    /// <param name="weight">A finite number.</param>
    public PromptSegment WithWeight(double weight) => IsBreak ? this : this with { Weight = weight };

    /// <summary>The segment in the grammar <see cref="PromptGrammar.A1111"/>: <c>(a red fox:1.3)</c>.</summary>
    public override string ToString() => IsBreak ? PromptText.Break : Weight.Equals(1d) ? Escaped() : "(" + Escaped() + ":" + Dsl.Text.Of(Weight) + ")";

    private string Escaped()
    {
        var escaped = new StringBuilder(Text.Length);
        foreach (var c in Text)
            escaped.Append(c is '\\' or '(' or ')' or '[' or ']' ? "\\" : "").Append(c);

        return escaped.Replace(PromptText.Break, "\\" + PromptText.Break).ToString();
    }
}
