using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The middle of the U-Net, at the coarsest size: resnet, transformer (or nothing), resnet.</summary>
internal sealed class UNet2DConditionMidBlock : nn.Module<UNet2DState, Tensor>, IHasPrintedName
{
    private readonly ResnetBlock2D _resnet0;
    private readonly IFeatureMixer? _mixer;
    private readonly ResnetBlock2D _resnet1;

    public UNet2DConditionMidBlock(string name, UNet2DConditionLevel level, LayerOptions options)
        : base(name)
    {
        var settings = level.Resnet(level.OutChannels) with { OutputScaleFactor = level.Config.MidBlockScaleFactor };
        var attends = UNet2DConditionBlockTypes.Attends(name);
        _resnet0 = new ResnetBlock2D(settings, options);
        if (attends)
        {
            var transformer = level.Transformer(options);
            _mixer = transformer;
            register_module("attentions", new ModuleList<Transformer2DModel>(transformer));
        }

        _resnet1 = new ResnetBlock2D(settings, options);
        register_module("resnets", new ModuleList<ResnetBlock2D>(_resnet0, _resnet1));
    }

    string IHasPrintedName.PrintedName => GetName();

    /// <inheritdoc/>
    public override Tensor forward(UNet2DState state)
    {
        state.Replace(state.Through(_resnet0, _mixer));
        state.Replace(state.Through(_resnet1));

        return state.Hidden;
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }
}
