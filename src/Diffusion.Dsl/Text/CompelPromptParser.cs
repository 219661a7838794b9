using System;
using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Reads <see cref="PromptGrammar.Compel"/>: signs and numbers behind words and parentheses.</summary>
internal sealed class CompelPromptParser
{
    private const double Up = 1.1;
    private const double Down = 0.9;

    private readonly string _text;
    private readonly int _to;
    private readonly PromptBuilder _builder = new();
    private readonly Stack<KeyValuePair<int, int>> _open = new(); // place, number of the next segment
    private int _at;

    // Where the word began that a sign behind it belongs to: the number of its first segment, −1 between words.
    private int _word = -1;

    /// <summary>A parser of a part of a prompt.</summary>
    /// <param name="text">The whole prompt, for the columns of messages.</param>
    /// <param name="from">The first character that belongs to the part.</param>
    /// <param name="to">The first that does not.</param>
    public CompelPromptParser(string text, int from, int to) => (_text, _at, _to) = (text, from, to);

    public static IReadOnlyList<PromptSegment> Parse(string text) => CompelConjunction.Find(text) ?? new CompelPromptParser(text, 0, text.Length).Parse();

    public IReadOnlyList<PromptSegment> Parse()
    {
        for (; _at < _to; _at++)
            Read(_text[_at]);

        if (_open.Count > 0)
            throw PromptText.Unbalanced(_text, _open.Peek().Key, "is never closed");

        return _builder.Segments;
    }

    // Leaves the position on the last character that was read.
    private void Read(char c)
    {
        switch (c)
        {
            case '\\':
                if (++_at < _to)
                    Letter(_text[_at]);
                break;
            case '(':
                _open.Push(new(_at, _builder.Cut()));
                _word = -1;
                break;
            case ')':
                Close();
                break;
            case '+' or '-' when _word >= 0 && SignsEnd(_at) is var end && IsWordEnd(end):
                Signs(_word, end);
                break;
            default:
                if (IsBoundary(c))
                    Between(c);
                else
                    Letter(c);
                break;
        }
    }

    private void Letter(char c)
    {
        if (_word < 0)
            _word = _builder.Cut();
        _builder.Append(c);
    }

    private void Between(char c)
    {
        _word = -1;
        _builder.Append(c);
    }

    private void Close()
    {
        if (_open.Count == 0)
            throw PromptText.Unbalanced(_text, _at, "closes nothing");

        var segment = _open.Pop().Value;
        _word = -1;
        var next = _at + 1;
        if (MethodName(_text, next, _to) is { } name)
            throw PromptText.Unsupported(_text, next, "." + name + "(…)", "the texts one by one; only (\"one\", \"other\").and() around the whole prompt is read");

        var number = Math.Min(PromptBuilder.NumberEnd(_text, next), _to);
        while (number > next && _text[number - 1] == '.')
            number--; // the sentence's
        if (number > next)
        {
            // "(a)2nd" is neither a weight nor a word.
            var end = number;
            while (end < _to && char.IsLetterOrDigit(_text[end]))
                end++;
            _builder.Multiply(segment, PromptBuilder.Number(_text, next, _text.Substring(next, end - next)));
            _at = end - 1;
        }
        else if (next < _to && _text[next] is '+' or '-')
        {
            _at = next;
            Signs(segment, SignsEnd(next));
        }
    }

    private void Signs(int segment, int end)
    {
        if (end < _to && _text[end] is '+' or '-')
            throw PromptText.Unsupported(_text, _at, "both + and - behind one part", "one kind of sign, or a \\ before those that are text");

        var factor = 1d;
        for (var i = _at; i < end; i++)
            factor *= _text[i] == '+' ? Up : Down;
        _builder.Multiply(segment, factor);
        _word = -1;
        _at = end - 1;
    }

    private int SignsEnd(int at)
    {
        var end = at;
        while (end < _to && _text[end] == _text[at])
            end++;

        return end;
    }

    // Between two letters a hyphen is a hyphen.
    private bool IsWordEnd(int at) => at >= _to || _text[at] is '+' or '-' || IsBoundary(_text[at]) || _text[at] is '.' or ')';

    private static bool IsBoundary(char c) => char.IsWhiteSpace(c) || c is ',' or ';' or ':' or '!' or '?' or '"';

    /// <summary>The name of «.name(» at a place, or null where something else stands.</summary>
    internal static string? MethodName(string text, int at, int to)
    {
        var end = at + 1;
        while (end < to && char.IsLetter(text[end]))
            end++;

        return at < to && text[at] == '.' && end > at + 1 && end < to && text[end] == '(' ? text.Substring(at + 1, end - at - 1) : null;
    }
}
