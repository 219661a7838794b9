using Diffusion.Dsl;
using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>The blocks by the names that configurations give them.</summary>
internal static class UNet2DBlocks
{
    /// <exception cref="DiffusionException">DIF0401: there is no such block.</exception>
    public static UNet2DDownBlock Down(string name, UNet2DLevel level, LayerOptions options) => UNet2DBlockTypes.Normalize(name) switch
    {
        "DownBlock2D" => new DownBlock2D(level, options),
        "ResnetDownsampleBlock2D" => new ResnetDownsampleBlock2D(level, options),
        "AttnDownBlock2D" => new AttnDownBlock2D(level, options),
        "SkipDownBlock2D" => new SkipDownBlock2D(level, options),
        "AttnSkipDownBlock2D" => new AttnSkipDownBlock2D(level, options),
        _ => throw Rules.UnknownBlockType.Error("down_block_types", name, nameof(UNet2DModel), string.Join(", ", UNet2DBlockTypes.Down)),
    };

    /// <exception cref="DiffusionException">DIF0401: there is no such block.</exception>
    public static UNet2DUpBlock Up(string name, UNet2DLevel level, LayerOptions options) => UNet2DBlockTypes.Normalize(name) switch
    {
        "UpBlock2D" => new UpBlock2D(level, options),
        "ResnetUpsampleBlock2D" => new ResnetUpsampleBlock2D(level, options),
        "AttnUpBlock2D" => new AttnUpBlock2D(level, options),
        "SkipUpBlock2D" => new SkipUpBlock2D(level, options),
        "AttnSkipUpBlock2D" => new AttnSkipUpBlock2D(level, options),
        _ => throw Rules.UnknownBlockType.Error("up_block_types", name, nameof(UNet2DModel), string.Join(", ", UNet2DBlockTypes.Up)),
    };
}
