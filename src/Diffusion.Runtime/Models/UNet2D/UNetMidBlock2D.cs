using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The middle of U-Nets and autoencoders, at the coarsest size: resnet, attention, resnet.</summary>
internal sealed class UNetMidBlock2D : nn.Module<UNet2DState, Tensor>
{
    private readonly ResnetBlock2D _resnet0;
    private readonly Attention? _attention;
    private readonly ResnetBlock2D _resnet1;

    /// <param name="resnet">The settings of both resnets.</param>
    /// <param name="attention">Makes the attention between them; gives null for none.</param>
    /// <param name="options">How the parameters are made.</param>
    public UNetMidBlock2D(ResnetBlock2DSettings resnet, Func<Attention?> attention, LayerOptions options)
        : base(nameof(UNetMidBlock2D))
    {
        _resnet0 = new ResnetBlock2D(resnet, options);
        _attention = attention();
        _resnet1 = new ResnetBlock2D(resnet, options);
        register_module("attentions", new ModuleList<nn.Module<Tensor, Tensor>>(_attention ?? (nn.Module<Tensor, Tensor>)new Absent()));
        register_module("resnets", new ModuleList<ResnetBlock2D>(_resnet0, _resnet1));
    }

    /// <summary>The middle of a UNet2DModel.</summary>
    public static UNetMidBlock2D Of(UNet2DConfig config, LayerOptions options)
    {
        var channels = config.BlockOutChannels[config.BlockOutChannels.Count - 1];
        var level = new UNet2DLevel(config, channels, channels, channels, Resamples: false);
        var groups = config.NormNumGroups ?? UNet2DLevel.SkipGroups(channels);
        var settings = level.Resnet(channels) with { Groups = groups, OutputScaleFactor = config.MidBlockScaleFactor };

        // With scale and shift the norm before attention is left out unless it is asked for.
        var attentionGroups = config.AttnNormNumGroups ?? (config.ResnetTimeScaleShift == "default" ? groups : (long?)null);
        if (!config.GroupNorms)
            attentionGroups = null;

        return new UNetMidBlock2D(
            settings,
            () => config.AddAttention ? new Attention(channels, config.AttentionHeadDim ?? channels, attentionGroups, config.NormEps, config.MidBlockScaleFactor, options) : null,
            options);
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(UNet2DState state)
    {
        state.Replace(state.Through(_resnet0, _attention));
        state.Replace(state.Through(_resnet1));

        return state.Hidden;
    }
}
