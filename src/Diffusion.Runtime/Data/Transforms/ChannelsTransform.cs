using System.Collections.Generic;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>Every picture with the same channels: gray, or red, green and blue.</summary>
/// <param name="Channels">1 (gray) or 3 (RGB).</param>
public sealed record ChannelsTransform(int Channels) : ImageTransform
{
    /// <summary>The same with another number of channels.</summary>
    /// <param name="channels">1 or 3.</param>
    public ChannelsTransform WithChannels(int channels) => this with { Channels = channels };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        if (Channels is not (1 or 3))
            yield return Rules.ImageLayout.Found("channels", Channels, "1 (gray) or 3 (RGB)");
    }

    /// <summary>The canonical text: <c>Gray</c> or <c>Rgb</c>.</summary>
    public override string ToString() => Channels == 1 ? "Gray" : "Rgb";

    internal override Image Apply(Image image, SampleRandom random) => Channels == 1 ? image.ToGray() : image.ToRgb();
}
