using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The middle of the U-Net, at the coarsest size: resnet, attention, resnet.</summary>
internal sealed class UNetMidBlock2D : nn.Module<Tensor, TimeCondition, Tensor>
{
    private readonly ResnetBlock2D _resnet0;
    private readonly Attention? _attention;
    private readonly ResnetBlock2D _resnet1;

    public UNetMidBlock2D(UNet2DConfig config, LayerOptions options)
        : base(nameof(UNetMidBlock2D))
    {
        var channels = config.BlockOutChannels[config.BlockOutChannels.Count - 1];
        var level = new UNet2DLevel(config, channels, channels, channels, Resamples: false);
        var groups = config.NormNumGroups ?? UNet2DLevel.SkipGroups(channels);
        var settings = level.Resnet(channels) with { Groups = groups, OutputScaleFactor = config.MidBlockScaleFactor };

        // With scale and shift the norm before attention is left out unless it is asked for.
        var attentionGroups = config.AttnNormNumGroups ?? (config.ResnetTimeScaleShift == "default" ? groups : (long?)null);

        _resnet0 = new ResnetBlock2D(settings, options);
        if (config.AddAttention)
            _attention = new Attention(channels, config.AttentionHeadDim ?? channels, attentionGroups, config.NormEps, config.MidBlockScaleFactor, options);
        _resnet1 = new ResnetBlock2D(settings, options);
        register_module("attentions", new ModuleList<nn.Module<Tensor, Tensor>>(_attention ?? (nn.Module<Tensor, Tensor>)new Absent()));
        register_module("resnets", new ModuleList<ResnetBlock2D>(_resnet0, _resnet1));
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, TimeCondition time)
    {
        var hidden = _resnet0.call(input, time);
        if (_attention is not null)
        {
            using var before = hidden;
            hidden = _attention.call(before);
        }

        using (hidden)
            return _resnet1.call(hidden, time);
    }
}
