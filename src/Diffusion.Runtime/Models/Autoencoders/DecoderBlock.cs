using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The decoder's blocks have one resnet more than the encoder's, and end in twice the size and a convolution.</summary>
internal abstract class DecoderBlock : AutoencoderBlock
{
    private readonly Upsample2D? _upsampler;

    private protected DecoderBlock(string name, AutoencoderLevel level, bool attends, LayerOptions options)
        : base(name, level, level.Layout.LayersPerBlock + 1, attends, options)
    {
        if (level.Resamples)
            register_module("upsamplers", new ModuleList<Upsample2D>(_upsampler = new Upsample2D(level.OutChannels, options)));
    }

    /// <summary>The block by the name that configurations give it.</summary>
    public static DecoderBlock Named(string name, AutoencoderLevel level, LayerOptions options) => name switch
    {
        nameof(UpDecoderBlock2D) => new UpDecoderBlock2D(level, options),
        nameof(AttnUpDecoderBlock2D) => new AttnUpDecoderBlock2D(level, options),
        _ => throw Rules.UnknownBlockType.Error("up_block_types", name, level.Layout.ClassName, string.Join(", ", AutoencoderBlockTypes.Up)),
    };

    private protected sealed override Tensor? Resample(Tensor hidden) => _upsampler?.call(hidden);
}
