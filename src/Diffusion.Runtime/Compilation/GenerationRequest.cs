using System.Collections.Generic;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>What one call of a loaded pipeline asks for; it fits the pipeline. Plain values: nothing to dispose.</summary>
/// <param name="Count">How many pictures.</param>
/// <param name="Seed">The seed of the first.</param>
/// <param name="Batch">How many are sampled at once.</param>
internal sealed record GenerationRequest(int Count, long Seed, int Batch)
{
    /// <summary>The labels of all pictures.</summary>
    public Conditions Labels { get; init; } = Conditions.None;

    /// <summary>What each picture is to show; null where the pipeline takes no text.</summary>
    public IReadOnlyList<string>? Prompts { get; init; }

    /// <summary>The pictures to start from, one for each; null: from noise.</summary>
    public IReadOnlyList<Image>? Pictures { get; init; }

    /// <summary>Where pictures are made new, for all: 0 is kept; null: everywhere.</summary>
    public Image? Mask { get; init; }

    /// <summary>What a made picture becomes: kept places are put back.</summary>
    /// <param name="index">Which picture.</param>
    /// <param name="made">As it was made.</param>
    public Image Finish(int index, Image made) => Mask is null ? made : Pictures![index].With(made, Mask);
}
