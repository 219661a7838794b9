using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The common part of the blocks on the way down: resnets, each followed by attention where the block has it; every result is kept for the way up.</summary>
internal abstract class UNet2DDownBlock : nn.Module<UNet2DState, Tensor>
{
    private readonly ResnetBlock2D[] _resnets;
    private readonly Attention[] _attentions;

    private protected UNet2DDownBlock(string name, UNet2DLevel level, LayerOptions options, bool attends, bool skips = false)
        : base(name)
    {
        var layers = level.Config.LayersPerBlock;
        _resnets = new ResnetBlock2D[layers];
        _attentions = new Attention[attends ? layers : 0];
        for (var i = 0; i < layers; i++)
        {
            var channels = i == 0 ? level.InChannels : level.OutChannels;
            _resnets[i] = new ResnetBlock2D(skips ? level.SkipResnet(channels) : level.Resnet(channels), options);
            if (attends)
                _attentions[i] = skips ? level.SkipAttention(options) : level.Attention(options);
        }

        if (attends)
            register_module("attentions", new ModuleList<Attention>(_attentions));
        register_module("resnets", new ModuleList<ResnetBlock2D>(_resnets));
    }

    /// <inheritdoc/>
    public sealed override Tensor forward(UNet2DState state)
    {
        for (var i = 0; i < _resnets.Length; i++)
            state.Keep(state.Through(_resnets[i], _attentions.Length > 0 ? _attentions[i] : null));

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
