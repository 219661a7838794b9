using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The common part of an autoencoder's blocks: resnets, each followed by attention where the block has it, then another size.</summary>
internal abstract class AutoencoderBlock : nn.Module<UNet2DState, Tensor>
{
    private readonly ResnetStack _stack;

    private protected AutoencoderBlock(string name, AutoencoderLevel level, int layers, bool attends, LayerOptions options)
        : base(name)
    {
        _stack = new ResnetStack(layers, i => level.Resnet(i == 0 ? level.InChannels : level.OutChannels), _ => attends ? level.Attention(options) : null, options);
        foreach (var (part, list) in _stack.Lists())
            register_module(part, list);
    }

    /// <inheritdoc/>
    public sealed override Tensor forward(UNet2DState state)
    {
        foreach (var (resnet, mixer) in _stack.Layers)
            state.Replace(state.Through(resnet, mixer));

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
