using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, each with a transformer behind it where the block's name says so, then a strided convolution at all but the coarsest level.</summary>
internal sealed class UNet2DConditionDownBlock : UNet2DDownBlock, IHasPrintedName
{
    private readonly Downsample2D? _downsampler;

    public UNet2DConditionDownBlock(string name, UNet2DConditionLevel level, LayerOptions options)
        : base(
            name,
            level.Layers,
            i => level.Resnet(i == 0 ? level.InChannels : level.OutChannels),
            _ => UNet2DConditionBlockTypes.Attends(name) ? level.Transformer(options) : null,
            options)
    {
        if (level.Index < level.Config.BlockOutChannels.Count - 1)
            register_module("downsamplers", new ModuleList<Downsample2D>(_downsampler = new Downsample2D(level.OutChannels, level.Config.DownsamplePadding, options)));
    }

    string IHasPrintedName.PrintedName => GetName();

    private protected override Tensor? Downsample(UNet2DState state) => _downsampler?.call(state.Hidden);
}
