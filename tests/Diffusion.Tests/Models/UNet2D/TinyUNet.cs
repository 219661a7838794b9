using Diffusion.Dsl;

namespace Diffusion.Tests.Models;

/// <summary>The smallest U-Net that tests run and train: 8 by 8, two levels, attention in one of them.</summary>
internal static class TinyUNet
{
    public static UNet2DConfig Config { get; } = new(
        SampleSize: EquatableArray.Of(8),
        InChannels: 1,
        OutChannels: 1,
        DownBlockTypes: EquatableArray.Of("DownBlock2D", "AttnDownBlock2D"),
        UpBlockTypes: EquatableArray.Of("AttnUpBlock2D", "UpBlock2D"),
        BlockOutChannels: EquatableArray.Of(8, 16),
        LayersPerBlock: 1,
        NormNumGroups: 4);
}
