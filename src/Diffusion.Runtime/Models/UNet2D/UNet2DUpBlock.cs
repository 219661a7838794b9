using System;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The common part of the blocks on the way up: resnets over the features and one skip each, with attention after each, after the last, or nowhere.</summary>
internal abstract class UNet2DUpBlock : nn.Module<UNet2DState, Tensor>
{
    private readonly ResnetBlock2D[] _resnets;
    private readonly Attention?[] _attentions;

    /// <param name="name">The block's type.</param>
    /// <param name="level">Its place.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <param name="settings">The settings of the resnet with the given index.</param>
    /// <param name="attention">Makes the attention after the resnet with the given index; gives null for none.</param>
    private protected UNet2DUpBlock(string name, UNet2DLevel level, LayerOptions options, Func<int, ResnetBlock2DSettings> settings, Func<int, Attention?> attention)
        : base(name)
    {
        _resnets = new ResnetBlock2D[level.Config.LayersPerBlock + 1];
        _attentions = new Attention?[_resnets.Length];
        for (var i = 0; i < _resnets.Length; i++)
        {
            _resnets[i] = new ResnetBlock2D(settings(i), options);
            _attentions[i] = attention(i);
        }

        if (Array.FindAll(_attentions, layer => layer is not null) is { Length: > 0 } present)
            register_module("attentions", new ModuleList<Attention>(present!));
        register_module("resnets", new ModuleList<ResnetBlock2D>(_resnets));
    }

    /// <inheritdoc/>
    public sealed override Tensor forward(UNet2DState state)
    {
        for (var i = 0; i < _resnets.Length; i++)
            state.Replace(state.ThroughJoined(_resnets[i], _attentions[i]));

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
