using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The encoder's blocks end in a strided convolution over an image that gets one zero at its right and bottom edges alone.</summary>
internal abstract class EncoderBlock : AutoencoderBlock
{
    private readonly Downsample2D? _downsampler;

    private protected EncoderBlock(string name, AutoencoderLevel level, bool attends, LayerOptions options)
        : base(name, level, level.Layout.LayersPerBlock, attends, options)
    {
        if (level.Resamples)
            register_module("downsamplers", new ModuleList<Downsample2D>(_downsampler = new Downsample2D(level.OutChannels, padding: 0, options)));
    }

    /// <summary>The block by the name that configurations give it.</summary>
    public static EncoderBlock Named(string name, AutoencoderLevel level, LayerOptions options) => name switch
    {
        nameof(DownEncoderBlock2D) => new DownEncoderBlock2D(level, options),
        nameof(AttnDownEncoderBlock2D) => new AttnDownEncoderBlock2D(level, options),
        _ => throw Rules.UnknownBlockType.Error("down_block_types", name, level.Layout.ClassName, string.Join(", ", AutoencoderBlockTypes.Down)),
    };

    private protected sealed override Tensor? Resample(Tensor hidden) => _downsampler?.call(hidden);
}
