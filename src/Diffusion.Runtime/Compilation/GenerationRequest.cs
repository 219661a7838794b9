using System.Collections.Generic;
using System.Linq;
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
    public IReadOnlyList<Prompt>? Prompts { get; init; }

    /// <summary>The guidance scale of each picture, where one has another than the sampler was compiled for; null: all have that one.</summary>
    public double[]? Scales { get; init; }

    /// <summary>The way from one seed's noise to another's on which the pictures lie; null: each has the noise of its seed.</summary>
    public NoiseWalk? Walk { get; init; }

    /// <summary>The pictures to start from, one for each; null: from noise.</summary>
    public IReadOnlyList<Image>? Pictures { get; init; }

    /// <summary>The depth of each picture; null: the network reads none.</summary>
    public IReadOnlyList<DepthMap>? Depths { get; init; }

    /// <summary>A small picture that is made large; null: there is none.</summary>
    public Image? Small { get; init; }

    /// <summary>The training timestep of the noise that the small picture gets.</summary>
    public int NoiseLevel { get; init; }

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
    public ReceiptPicture Receipt(int index)
    {
        var prompt = Prompts?[index];
        var between = Walk is not null && Walk.Shares[index] is > 0 and < 1;
        return new(Seeds[index])
        {
            Prompt = prompt?.Text,
            Parts = prompt is null || prompt.Parts.SequenceEqual([new PromptPart(prompt.Text)]) ? default : prompt.Parts,
            Negative = prompt?.Negative,
            Scale = prompt?.Scale,
            Label = Labels.Labels.IsEmpty || Small is not null ? null : Labels.Labels[index],
            From = (Small ?? Pictures?[index])?.Hash(),
            Mask = Mask?.Hash(),
            Depth = Depths?[index].Hash,
            NoiseLevel = Small is null ? null : NoiseLevel,
            Towards = between ? Walk!.Last : null,
            Share = between ? Walk!.Shares[index] : null,
        };
    }
}
