namespace Diffusion.Runtime.Models;

/// <summary>From which block of a text tower the embeddings are taken; each model was trained with one choice.</summary>
/// <param name="Skip">How many of the last blocks are left out: <c>clip_skip</c> of diffusers; the webui counts from 1. 0 to one less than the number of blocks.</param>
/// <param name="IsNormalized">Whether the tower's last norm is applied to what is taken.</param>
public sealed record ClipLayer(int Skip = 0, bool IsNormalized = true)
{
    /// <summary>The last block, normed: Stable Diffusion 1 and 2.</summary>
    public static ClipLayer Last { get; } = new();

    /// <summary>The last block but one, not normed: both encoders of Stable Diffusion XL.</summary>
    public static ClipLayer Penultimate { get; } = new(Skip: 1, IsNormalized: false);

    /// <summary>An earlier block, normed: what Stable Diffusion's users call clip skip.</summary>
    /// <param name="count">How many of the last blocks are left out.</param>
    public static ClipLayer Skipped(int count) => new(count);

    /// <summary>This choice with another number of blocks left out.</summary>
    /// <param name="count">How many of the last blocks are left out.</param>
    public ClipLayer WithSkip(int count) => this with { Skip = count };

    /// <summary>This choice with the last norm, or without.</summary>
    /// <param name="isNormalized">Whether it is applied.</param>
    public ClipLayer WithNormalized(bool isNormalized) => this with { IsNormalized = isNormalized };
}
