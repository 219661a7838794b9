using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets over the features and one skip each, with a transformer behind each where the block's name says so, then twice the size at all but the finest level.</summary>
internal sealed class UNet2DConditionUpBlock : UNet2DUpBlock, IHasPrintedName
{
    private readonly Upsample2D? _upsampler;

    public UNet2DConditionUpBlock(string name, UNet2DConditionLevel level, LayerOptions options)
        : base(
            name,
            level.Layers + 1,
            i => level.Resnet(level.UpChannels(i)),
            _ => UNet2DConditionBlockTypes.Attends(name) ? level.Transformer(options) : null,
            options)
    {
        if (level.Index > 0)
            register_module("upsamplers", new ModuleList<Upsample2D>(_upsampler = new Upsample2D(level.OutChannels, options)));
    }

    string IHasPrintedName.PrintedName => GetName();

    private protected override Tensor? Upsample(UNet2DState state) => _upsampler?.Forward(state.Hidden, state.NextSize);
}
