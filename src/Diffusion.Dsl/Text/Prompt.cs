using System;

namespace Diffusion.Dsl;

/// <summary>What one picture is to show, with what is its own: an immutable value. Pictures of different prompts, seeds and scales may stand in one batch.</summary>
/// <param name="Text">In the grammar of the pipeline's text model.</param>
public sealed record Prompt(string Text)
{
    /// <summary>What the picture is to show.</summary>
    public string Text { get; init; } = Text ?? throw new ArgumentNullException(nameof(Text));

    /// <summary>The picture's seed.</summary>
    public long Seed { get; init; }

    /// <summary>What the picture should not show; null: as the pipeline says.</summary>
    public string? Negative { get; init; }

    /// <summary>The guidance scale w of the picture; null: as the pipeline says.</summary>
    public double? Scale { get; init; }

    /// <summary>A prompt of a text.</summary>
    /// <param name="text">In the grammar of the pipeline's text model.</param>
    public static Prompt Of(string text) => new(text);

    /// <summary>The same prompt with another text.</summary>
    /// <param name="text">In the grammar of the pipeline's text model.</param>
    public Prompt WithText(string text) => this with { Text = text ?? throw new ArgumentNullException(nameof(text)) };

    /// <summary>The same prompt with another seed.</summary>
    /// <param name="seed">As for <c>torch.Generator().manual_seed</c>.</param>
    public Prompt WithSeed(long seed) => this with { Seed = seed };

    /// <summary>The same prompt with another negative one.</summary>
    /// <param name="negative">What the picture should not show; null: as the pipeline says.</param>
    public Prompt WithNegative(string? negative) => this with { Negative = negative };

    /// <summary>The same prompt with another guidance scale.</summary>
    /// <param name="scale">w: 1 is no guidance, 7.5 is usual; null: as the pipeline says.</param>
    public Prompt WithScale(double? scale) => this with { Scale = scale };
}
