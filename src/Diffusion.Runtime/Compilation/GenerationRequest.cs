using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>What one call of a loaded pipeline asks for; it fits the pipeline. Plain values: nothing to dispose.</summary>
/// <param name="Seeds">The seed of each picture.</param>
/// <param name="Batch">How many are sampled at once.</param>
internal sealed record GenerationRequest(long[] Seeds, int Batch)
{
    private readonly Image? _mask;

    /// <summary>How many pictures.</summary>
    public int Count => Seeds.Length;

    /// <summary>The labels of all pictures.</summary>
    public Conditions Labels { get; init; } = Conditions.None;

    /// <summary>What each picture is to show; null where the pipeline takes no text.</summary>
    public IReadOnlyList<string>? Prompts { get; init; }

    /// <summary>The pictures to start from, one for each; null: from noise.</summary>
    public IReadOnlyList<Image>? Pictures { get; init; }

    /// <summary>Light where pictures are made new, for all; null: everywhere.</summary>
    public Image? Mask
    {
        get => _mask;
        init => (_mask, Lights) = (value, value?.Lights());
    }

    /// <summary>The mask in black, which is kept, and white.</summary>
    public Image? Lights { get; private init; }

    /// <summary>What a made picture becomes: kept places are put back.</summary>
    /// <param name="index">Which picture.</param>
    /// <param name="made">As it was made.</param>
    public Image Finish(int index, Image made) => Lights is null ? made : Pictures![index].With(made, Lights);

    /// <summary>What a receipt says of a picture.</summary>
    /// <param name="index">Which picture.</param>
    public ReceiptPicture Receipt(int index) => new(Seeds[index])
    {
        Prompt = Prompts?[index],
        Label = Labels.Labels.IsEmpty ? null : Labels.Labels[index],
        From = Pictures?[index].Hash(),
        Mask = Mask?.Hash(),
    };
}
