using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// What one picture is to show, with what is its own: an immutable value. Pictures of different prompts, seeds and scales may stand in one batch. A prompt is a text, or a
/// <see cref="Mix(Prompt, Prompt, double)"/> of several.
/// </summary>
public sealed record Prompt
{
    // (1 − s) + s need not be 1 in floating point.
    private const double Rounding = 1e-12;

    private Prompt(EquatableArray<PromptPart> parts) => Parts = parts;

    /// <summary>The texts, whose vectors are multiplied by their weights and added; one, unless the prompt is a mixture.</summary>
    public EquatableArray<PromptPart> Parts { get; init; }

    /// <summary>The text; of a mixture the first.</summary>
    public string Text => Parts[0].Text;

    /// <summary>The picture's seed.</summary>
    public long Seed { get; init; }

    /// <summary>What the picture should not show; null: as the pipeline says.</summary>
    public string? Negative { get; init; }

    /// <summary>The guidance scale w of the picture; null: as the pipeline says.</summary>
    public double? Scale { get; init; }

    /// <summary>A prompt of a text.</summary>
    /// <param name="text">In the grammar of the pipeline's text model.</param>
    public static Prompt Of(string text) => new(EquatableArray.Of(new PromptPart(text ?? throw new ArgumentNullException(nameof(text)))));

    /// <summary>Between two texts: (1 − share) times the first one's vectors plus share times the second one's, behind the text encoder.</summary>
    /// <param name="first">In the grammar of the pipeline's text model.</param>
    /// <param name="second">In the same grammar.</param>
    /// <param name="share">How much of the second, in [0, 1].</param>
    /// <exception cref="DiffusionException">DIF0711: the share is outside [0, 1].</exception>
    public static Prompt Mix(string first, string second, double share) => Mix(Of(first), Of(second), share);

    /// <summary>Between two prompts, of which either may be a mixture; seed, negative prompt and scale are the first one's.</summary>
    /// <param name="first">What there is at 0.</param>
    /// <param name="second">What there is at 1.</param>
    /// <param name="share">How much of the second, in [0, 1].</param>
    /// <exception cref="DiffusionException">DIF0711: the share is outside [0, 1].</exception>
    public static Prompt Mix(Prompt first, Prompt second, double share)
    {
        if (!(share >= 0 && share <= 1))
            throw Rules.ShareOutOfRange.Error("the second prompt", share);

        var parts = first.Parts.Select(part => part.WithWeight(part.Weight * (1 - share))).Concat(second.Parts.Select(part => part.WithWeight(part.Weight * share)));
        return first with
        {
            Parts = parts
                .GroupBy(part => part.WithWeight(1))
                .Select(same => same.Key.WithWeight(Whole(same.Sum(part => part.Weight))))
                .Where(part => !part.Weight.Equals(0d))
                .ToEquatableArray(),
        };
    }

    /// <summary>The same prompt with one token's vector replaced, or moved towards another's, before the text encoder reads it: in all its texts that hold it.</summary>
    /// <param name="token">A word of the prompt that is a single token.</param>
    /// <param name="replacement">The word whose vector comes in, a single token.</param>
    /// <param name="share">How much of it, in [0, 1]: 1 is the same as writing the other word.</param>
    /// <exception cref="DiffusionException">DIF0711: the share is outside [0, 1]. When it is encoded, DIF0709: a word is several tokens; DIF0710: the prompt does not hold it.</exception>
    public Prompt ReplaceToken(string token, string replacement, double share = 1) => share >= 0 && share <= 1
        ? this with { Parts = Parts.Select(part => part.WithReplacements(part.Replacements.Append(new TokenReplacement(token, replacement, share)).ToEquatableArray())).ToEquatableArray() }
        : throw Rules.ShareOutOfRange.Error("'" + replacement + "'", share);

    /// <summary>The same prompt of other texts.</summary>
    /// <param name="parts">At least one.</param>
    public Prompt WithParts(IEnumerable<PromptPart> parts)
    {
        var given = parts.ToEquatableArray();
        return given.IsEmpty ? throw new ArgumentException("a prompt has at least one text", nameof(parts)) : this with { Parts = given };
    }

    /// <summary>The same prompt with another text.</summary>
    /// <param name="text">In the grammar of the pipeline's text model.</param>
    public Prompt WithText(string text) => this with { Parts = Of(text).Parts };

    /// <summary>The same prompt with another seed.</summary>
    /// <param name="seed">As for <c>torch.Generator().manual_seed</c>.</param>
    public Prompt WithSeed(long seed) => this with { Seed = seed };

    /// <summary>The same prompt with another negative one.</summary>
    /// <param name="negative">What the picture should not show; null: as the pipeline says.</param>
    public Prompt WithNegative(string? negative) => this with { Negative = negative };

    /// <summary>The same prompt with another guidance scale.</summary>
    /// <param name="scale">w: 1 is no guidance, 7.5 is usual; null: as the pipeline says.</param>
    public Prompt WithScale(double? scale) => this with { Scale = scale };

    private static double Whole(double weight) => Math.Abs(weight - 1) < Rounding ? 1 : weight;
}
