using System.Linq;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The common part of an autoencoder's blocks: resnets, each followed by attention where the block has it, then another size.</summary>
internal abstract class AutoencoderBlock : nn.Module<UNet2DState, Tensor>
{
    private readonly ResnetBlock2D[] _resnets;
    private readonly Attention[] _attentions;

    private protected AutoencoderBlock(string name, AutoencoderLevel level, int layers, bool attends, LayerOptions options)
        : base(name)
    {
        _resnets = new ResnetBlock2D[layers];
        _attentions = new Attention[attends ? layers : 0];
        for (var i = 0; i < layers; i++)
        {
            _resnets[i] = new ResnetBlock2D(level.Resnet(i == 0 ? level.InChannels : level.OutChannels), options);
            if (attends)
                _attentions[i] = level.Attention(options);
        }

        if (attends)
            register_module("attentions", new ModuleList<Attention>(_attentions));
        register_module("resnets", new ModuleList<ResnetBlock2D>(_resnets));
    }

    /// <inheritdoc/>
    public sealed override Tensor forward(UNet2DState state)
    {
        for (var i = 0; i < _resnets.Length; i++)
            state.Replace(state.Through(_resnets[i], _attentions.ElementAtOrDefault(i)));

        if (Resample(state.Hidden) is { } resized)
            state.Replace(resized);

        return state.Hidden;
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected sealed override void RegisterComponents()
    {
    }

    /// <summary>The features at the next level's size, or null at the last level.</summary>
    private protected abstract Tensor? Resample(Tensor hidden);
}
