namespace Diffusion.Dsl;

/// <summary>What belongs to one picture of a receipt.</summary>
/// <param name="Seed">The seed of its noise.</param>
public sealed record ReceiptPicture(long Seed)
{
    /// <summary>What it was to show, of a mixture the first text; null: the pipeline takes no text.</summary>
    public string? Prompt { get; init; }

    /// <summary>The texts of a mixture, or with replaced tokens; empty: <see cref="Prompt"/> as it is.</summary>
    public EquatableArray<PromptPart> Parts { get; init; }

    /// <summary>What it was not to show; null: as the pipeline says.</summary>
    public string? Negative { get; init; }

    /// <summary>Its guidance scale; null: as the pipeline says.</summary>
    public double? Scale { get; init; }

    /// <summary>The class it was to show; null: the network knows no classes.</summary>
    public int? Label { get; init; }

    /// <summary>The picture it was made from, small where it was made larger; null: from noise.</summary>
    public PixelHash? From { get; init; }

    /// <summary>The mask that said which part was made new; null: all of it.</summary>
    public PixelHash? Mask { get; init; }

    /// <summary>The map of what is near and far: an image's pixels, or of a tensor its numbers as float32; null: the network reads none.</summary>
    public PixelHash? Depth { get; init; }

    /// <summary>The training timestep of the noise on the small picture; null: it was not made larger.</summary>
    public int? NoiseLevel { get; init; }

    /// <summary>The seed to which its noise was on the way, from <see cref="Seed"/>; null: the noise is that of its seed.</summary>
    public long? Towards { get; init; }

    /// <summary>How far its noise was on the way, in (0, 1); null: the noise is that of its seed.</summary>
    public double? Share { get; init; }
}
