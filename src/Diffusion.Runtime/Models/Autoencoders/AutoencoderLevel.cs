using Diffusion.Dsl;
using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>What one block of an autoencoder needs to know of its place.</summary>
/// <param name="Layout">The autoencoder's make.</param>
/// <param name="InChannels">Channels that come in.</param>
/// <param name="OutChannels">Channels that go out.</param>
/// <param name="Resamples">Whether the block ends in a change of size: all but the last do.</param>
internal sealed record AutoencoderLevel(AutoencoderLayout Layout, int InChannels, int OutChannels, bool Resamples)
{
    /// <summary>ε of every norm; no configuration has another.</summary>
    public const double Epsilon = 1e-6;

    /// <summary>A resnet, which knows no time here.</summary>
    public ResnetBlock2DSettings Resnet(int inChannels) => new(inChannels, OutChannels, TimeEmbedDim: null, Layout.NormNumGroups, Epsilon, Layout.ActFn);

    /// <summary>Attention with one head of all channels.</summary>
    public Attention Attention(LayerOptions options) => new(OutChannels, OutChannels, Layout.NormNumGroups, Epsilon, rescale: 1, options);

    /// <summary>The middle block of the coarsest level.</summary>
    public static UNetMidBlock2D Middle(AutoencoderLayout layout, LayerOptions options)
    {
        var channels = layout.BlockOutChannels[layout.BlockOutChannels.Count - 1];
        var level = new AutoencoderLevel(layout, channels, channels, Resamples: false);

        return new UNetMidBlock2D(level.Resnet(channels), () => layout.MidBlockAddAttention ? level.Attention(options) : null, options);
    }
}
