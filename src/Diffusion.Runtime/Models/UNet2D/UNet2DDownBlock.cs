using System;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The common part of the blocks on the way down: resnets, each followed by what mixes places where the block has it; every result is kept for the way up.</summary>
internal abstract class UNet2DDownBlock : nn.Module<UNet2DState, Tensor>
{
    private readonly ResnetStack _stack;

    private protected UNet2DDownBlock(string name, UNet2DLevel level, LayerOptions options, bool attends, bool skips = false)
        : this(
            name,
            level.Config.LayersPerBlock,
            i => skips ? level.SkipResnet(i == 0 ? level.InChannels : level.OutChannels) : level.Resnet(i == 0 ? level.InChannels : level.OutChannels),
            _ => !attends ? null : skips ? level.SkipAttention(options) : level.Attention(options),
            options)
    {
    }

    /// <param name="name">The block's type.</param>
    /// <param name="layers">The number of resnets.</param>
    /// <param name="settings">The settings of the resnet with the given index.</param>
    /// <param name="mixer">Makes what stands behind the resnet with the given index; gives null for nothing.</param>
    /// <param name="options">How the parameters are made.</param>
    private protected UNet2DDownBlock(string name, int layers, Func<int, ResnetBlock2DSettings> settings, Func<int, IFeatureMixer?> mixer, LayerOptions options)
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
            state.Keep(state.Through(resnet, mixer));

        if (Downsample(state) is { } smaller)
            state.Keep(smaller);

        return state.Hidden;
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected sealed override void RegisterComponents()
    {
    }

    /// <summary>The features at half the size, or null at the coarsest level.</summary>
    private protected abstract Tensor? Downsample(UNet2DState state);
}
