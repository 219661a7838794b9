using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Reads <see cref="PromptGrammar.A1111"/>, as the stable-diffusion-webui's <c>parse_prompt_attention</c> does where brackets are balanced.</summary>
/// <remarks>
/// Weights are multiplied from the inside out, 1.1 at a time, so that they are the same doubles. A break inside of brackets stays a break; there it becomes text.
/// What the webui reads from square brackets before it looks for weights, prompt editing and alternation, is refused.
/// </remarks>
internal sealed class A1111PromptParser(string text)
{
    private const double Step = 1.1;

    private readonly PromptBuilder _builder = new();
    private readonly Stack<Bracket> _open = new();
    private int _at;

    public IReadOnlyList<PromptSegment> Parse()
    {
        for (; _at < text.Length; _at++)
            Read(text[_at]);

        if (_open.Count > 0)
            throw PromptText.Unbalanced(text, _open.Peek().At, "is never closed");

        return _builder.Segments;
    }

    // Leaves the position on the last character that was read.
    private void Read(char c)
    {
        switch (c)
        {
            case '\\':
                if (++_at < text.Length)
                    _builder.Append(text[_at]);
                break;
            case '(' or '[':
                _open.Push(new(c, _at, _builder.Cut()));
                break;
            case ')' or ']':
                Close(c, c == ')' ? Step : 1 / Step);
                break;
            case ':' when _open.Count > 0 && WeightEnd() is var end && end > 0:
                var digits = text.Substring(_at + 1, end - _at - 1).Trim();
                if (text[end] == ']')
                    throw PromptText.Unsupported(text, _open.Peek().At, "prompt editing [from:to:when]", "one text, or (text:" + digits + ") for a weight");
                var weight = PromptBuilder.Number(text, _at + 1, digits);
                _at = end;
                Close(')', weight);
                break;
            case '|' when _open.Count > 0 && _open.Peek().Kind == '[':
                throw PromptText.Unsupported(text, _open.Peek().At, "alternation [one|other]", "one of the texts, or \\| for the character");
            case 'B' when PromptText.IsBreak(text, _at):
                _builder.Break();
                _at += PromptText.Break.Length - 1;
                break;
            default:
                _builder.Append(c);
                break;
        }
    }

    private void Close(char bracket, double factor)
    {
        var opening = bracket == ')' ? '(' : '[';
        if (_open.Count == 0)
            throw PromptText.Unbalanced(text, _at, "closes nothing");
        if (_open.Peek().Kind != opening)
            throw PromptText.Unbalanced(text, _at, "closes the '" + _open.Peek().Kind + "' of column " + Text.Of(_open.Peek().At + 1));

        _builder.Multiply(_open.Pop().Segment, factor);
    }

    // The bracket that closes behind ":1.3"; 0 where something else follows the colon.
    private int WeightEnd()
    {
        var start = Spaces(_at + 1);
        var end = PromptBuilder.NumberEnd(text, start);
        var close = Spaces(end);
        return end > start && close < text.Length && (text[close] == ')' || (text[close] == ']' && _open.Peek().Kind == '[')) ? close : 0;
    }

    private int Spaces(int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;

        return at;
    }

    private readonly struct Bracket(char kind, int at, int segment)
    {
        public char Kind => kind;

        public int At => at;

        public int Segment => segment;
    }
}
