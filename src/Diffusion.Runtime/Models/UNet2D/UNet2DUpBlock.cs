using System;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The common part of the blocks on the way up: resnets over the features and one skip each, with attention after each, after the last, or nowhere.</summary>
internal abstract class UNet2DUpBlock : nn.Module<UNet2DState, Tensor>
{
    private readonly ResnetStack _stack;

    private protected UNet2DUpBlock(string name, UNet2DLevel level, LayerOptions options, Func<int, ResnetBlock2DSettings> settings, Func<int, IFeatureMixer?> mixer)
        : this(name, level.Config.LayersPerBlock + 1, settings, mixer, options)
    {
    }

    /// <param name="name">The block's type.</param>
    /// <param name="layers">The number of resnets.</param>
    /// <param name="settings">The settings of the resnet with the given index.</param>
    /// <param name="mixer">Makes what stands behind the resnet with the given index; gives null for nothing.</param>
    /// <param name="options">How the parameters are made.</param>
    private protected UNet2DUpBlock(string name, int layers, Func<int, ResnetBlock2DSettings> settings, Func<int, IFeatureMixer?> mixer, LayerOptions options)
        : base(name)
    {
        _stack = new ResnetStack(layers, settings, mixer, options);
        foreach (var (part, list) in _stack.Lists())
            register_module(part, list);
    }

    /// <inheritdoc/>
    public sealed override Tensor forward(UNet2DState state)
    {
        foreach (var (resnet, mixer) in _stack.Layers)
            state.Replace(state.ThroughJoined(resnet, mixer));

        if (Upsample(state) is { } larger)
            state.Replace(larger);

        return state.Hidden;
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected sealed override void RegisterComponents()
    {
    }

    /// <summary>The features at the size of the next skip, or null at the finest level.</summary>
    private protected abstract Tensor? Upsample(UNet2DState state);
}
