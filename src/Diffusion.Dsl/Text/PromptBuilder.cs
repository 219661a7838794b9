using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Diffusion.Dsl;

/// <summary>Segments in the making: text is appended, and whatever a bracket encloses is multiplied when it closes.</summary>
internal sealed class PromptBuilder
{
    private readonly List<PromptSegment> _segments = [];
    private readonly StringBuilder _text = new();

    public IReadOnlyList<PromptSegment> Segments
    {
        get
        {
            Cut();
            return _segments;
        }
    }

    public void Append(char c) => _text.Append(c);

    public void Append(string text) => _text.Append(text);

    /// <summary>Ends the segment; returns the number of the next.</summary>
    public int Cut()
    {
        if (_text.Length > 0)
            _segments.Add(new PromptSegment(_text.ToString()));
        _text.Clear();
        return _segments.Count;
    }

    public void Break()
    {
        Cut();
        _segments.Add(PromptSegment.Break);
    }

    /// <summary>Multiplies the weights of all segments from this number on.</summary>
    public void Multiply(int from, double factor)
    {
        Cut();
        for (var i = from; i < _segments.Count; i++)
            _segments[i] = _segments[i].WithWeight(_segments[i].Weight * factor);
    }

    /// <summary>A number as prompts write it, invariantly; <paramref name="digits"/> is what was taken for one.</summary>
    public static double Number(string prompt, int at, string digits) =>
        double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsInfinity(number)
            ? number
            : throw Rules.PromptWeight.Error("'" + PromptText.Excerpt(prompt, at) + "' at column " + Text.Of(at + 1), "'" + digits + "'");

    /// <summary>Where a number ends that begins at a place: sign, digits and dots, an exponent. The place itself where there is none.</summary>
    public static int NumberEnd(string text, int at)
    {
        var start = Sign(text, at);
        var end = start;
        var digits = false;
        for (; end < text.Length && (text[end] == '.' || IsDigit(text[end])); end++)
            digits |= IsDigit(text[end]);
        if (!digits)
            return at;

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var power = Sign(text, end + 1);
            var last = power;
            while (last < text.Length && IsDigit(text[last]))
                last++;
            end = last > power ? last : end;
        }

        return end;
    }

    private static int Sign(string text, int at) => at < text.Length && text[at] is '+' or '-' ? at + 1 : at;

    private static bool IsDigit(char c) => c is >= '0' and <= '9';
}
