namespace Diffusion.Dsl;

/// <summary>What belongs to one picture of a receipt.</summary>
/// <param name="Seed">The seed of its noise.</param>
public sealed record ReceiptPicture(long Seed)
{
    /// <summary>What it was to show; null: the pipeline takes no text.</summary>
    public string? Prompt { get; init; }

    /// <summary>The class it was to show; null: the network knows no classes.</summary>
    public int? Label { get; init; }

    /// <summary>The picture it was made from; null: from noise.</summary>
    public PixelHash? From { get; init; }

    /// <summary>The mask that said which part was made new; null: all of it.</summary>
    public PixelHash? Mask { get; init; }
}
