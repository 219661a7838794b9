using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// A prompt whose parts count more or less: an immutable list of segments in canonical form. Neighbours of equal weight are one segment, none is empty, and there is no space
/// around a break.
/// </summary>
/// <remarks>
/// The grammars are those of the stable-diffusion-webui and of compel; unlike the first, which closes brackets that were left open and takes stray ones for text, an unbalanced
/// bracket is an error here.
/// </remarks>
public sealed record WeightedPrompt
{
    /// <summary>A prompt of these segments, brought into canonical form.</summary>
    /// <param name="segments">The segments, in order; none is the empty prompt.</param>
    /// <exception cref="DiffusionException">DIF0241: a weight is not finite.</exception>
    public WeightedPrompt(IEnumerable<PromptSegment> segments)
    {
        var canonical = new List<PromptSegment>();
        foreach (var segment in segments ?? throw new ArgumentNullException(nameof(segments)))
        {
            if (double.IsNaN(segment.Weight) || double.IsInfinity(segment.Weight))
                throw Rules.PromptWeight.Error("the segment '" + PromptText.Excerpt(segment.Text, 0) + "'", segment.Weight);

            Add(canonical, segment);
        }

        Segments = canonical.ToEquatableArray();
    }

    /// <summary>The segments, in order.</summary>
    public EquatableArray<PromptSegment> Segments { get; }

    /// <summary>The text alone, without weights; a space stands for a break.</summary>
    public string PlainText => string.Concat(Segments.Select(segment => segment.IsBreak ? " " : segment.Text));

    /// <summary>Whether a part has another weight than 1.</summary>
    public bool IsWeighted => Segments.Any(segment => !segment.Weight.Equals(1d));

    /// <summary>A prompt of these segments.</summary>
    /// <param name="segments">The segments, in order.</param>
    /// <exception cref="DiffusionException">DIF0241: a weight is not finite.</exception>
    public static WeightedPrompt Of(params PromptSegment[] segments) => new(segments);

    /// <summary>Reads a prompt.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="grammar">How weights are written in it.</param>
    /// <exception cref="DiffusionException">
    /// DIF0240: a bracket is left open or closes nothing. DIF0241: a weight is no finite number. DIF0242: something that the grammar has elsewhere and this library does not.
    /// Each names the column, counted from 1.
    /// </exception>
    public static WeightedPrompt Parse(string text, PromptGrammar grammar = PromptGrammar.A1111)
    {
        if (text is null)
            throw new ArgumentNullException(nameof(text));

        return new(grammar switch
        {
            PromptGrammar.Plain => new PlainPromptParser(text).Parse(),
            PromptGrammar.A1111 => new A1111PromptParser(text).Parse(),
            PromptGrammar.Compel => CompelPromptParser.Parse(text),
            _ => throw new ArgumentOutOfRangeException(nameof(grammar)),
        });
    }

    /// <summary>What is wrong with a prompt; nothing when <see cref="Parse"/> reads it.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="grammar">How weights are written in it.</param>
    public static EquatableArray<Finding> Check(string text, PromptGrammar grammar = PromptGrammar.A1111)
    {
        try
        {
            Parse(text, grammar);
            return default;
        }
        catch (DiffusionException e)
        {
            return e.Findings;
        }
    }

    /// <summary>The same prompt with other segments.</summary>
    /// <param name="segments">The segments, in order.</param>
    /// <exception cref="DiffusionException">DIF0241: a weight is not finite.</exception>
    public WeightedPrompt WithSegments(IEnumerable<PromptSegment> segments) => new(segments);

    /// <summary>The canonical text in the grammar <see cref="PromptGrammar.A1111"/>, which <see cref="Parse"/> reads back: <c>a (red:1.3) fox BREAK snow</c>.</summary>
    public override string ToString() =>
        string.Concat(Segments.Select((segment, i) => !segment.IsBreak ? segment.ToString() : (i == 0 ? "" : " ") + segment + (i == Segments.Count - 1 ? "" : " ")));

    private static void Add(List<PromptSegment> canonical, PromptSegment segment)
    {
        var last = canonical.LastOrDefault();
        if (segment.IsBreak)
        {
            TrimEnd(canonical);
            canonical.Add(segment);
            return;
        }

        var text = last is { IsBreak: true } ? segment.Text.TrimStart() : segment.Text;
        if (text.Length == 0)
            return;

        if (last is { IsBreak: false } && last.Weight.Equals(segment.Weight))
            canonical[canonical.Count - 1] = last.WithText(last.Text + text);
        else
            canonical.Add(segment.WithText(text));
    }

    // What is only space before a break is no segment.
    private static void TrimEnd(List<PromptSegment> canonical)
    {
        while (canonical.LastOrDefault() is { IsBreak: false } last)
        {
            var text = last.Text.TrimEnd();
            canonical.RemoveAt(canonical.Count - 1);
            if (text.Length > 0)
            {
                canonical.Add(last.WithText(text));
                return;
            }
        }
    }
}
