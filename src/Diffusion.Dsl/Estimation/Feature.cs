namespace Diffusion.Dsl.Estimation;

/// <summary>The shape of a feature map [N, C, H, W].</summary>
internal readonly record struct Feature(long Samples, long Channels, long Height, long Width)
{
    /// <summary>Its numbers.</summary>
    public long Count => Samples * Channels * Height * Width;

    /// <summary>Its places, which attention calls tokens.</summary>
    public long Places => Height * Width;

    /// <summary>The same places with other channels.</summary>
    public Feature With(long channels) => this with { Channels = channels };

    /// <summary>Twice as high and wide.</summary>
    public Feature Doubled() => this with { Height = 2 * Height, Width = 2 * Width };

    /// <summary>Half as high and wide, rounded up.</summary>
    public Feature Halved() => this with { Height = (Height + 1) / 2, Width = (Width + 1) / 2 };
}
