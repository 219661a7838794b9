using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Conv2d = Diffusion.Runtime.Layers.Conv2d;
using GroupNorm = Diffusion.Runtime.Layers.GroupNorm;

namespace Diffusion.Runtime.Models;

/// <summary>The first half of an autoencoder: images <c>[N, C, H, W]</c> to <c>[N, C′, ⌊H / factor⌋, ⌊W / factor⌋]</c>.</summary>
internal sealed class Encoder : Layer
{
    private readonly Conv2d _convIn;
    private readonly EncoderBlock[] _downBlocks;
    private readonly UNetMidBlock2D _midBlock;
    private readonly GroupNorm _convNormOut;
    private readonly Activation _convAct;
    private readonly Conv2d _convOut;

    /// <param name="layout">The autoencoder's make.</param>
    /// <param name="outChannels">C′: the latent channels, or twice as many for a mean and a variance of each.</param>
    /// <param name="options">How the parameters are made.</param>
    public Encoder(AutoencoderLayout layout, int outChannels, LayerOptions options)
        : base(nameof(Encoder))
    {
        var channels = layout.BlockOutChannels.ToArray();
        register_module("conv_in", _convIn = new Conv2d(layout.InChannels, channels[0], kernel: 3, stride: 1, padding: 1, options));
        _downBlocks = [.. layout.DownBlockTypes.Select((name, i) =>
            EncoderBlock.Named(name, new AutoencoderLevel(layout, channels[Math.Max(i - 1, 0)], channels[i], Resamples: i < channels.Length - 1), options))];
        register_module("down_blocks", new ModuleList<EncoderBlock>(_downBlocks));
        register_module("mid_block", _midBlock = AutoencoderLevel.Middle(layout, options));
        register_module("conv_norm_out", _convNormOut = new GroupNorm(layout.NormNumGroups, channels[^1], AutoencoderLevel.Epsilon, options));
        register_module("conv_act", _convAct = Activation.Named("silu"));
        register_module("conv_out", _convOut = new Conv2d(channels[^1], outChannels, kernel: 3, stride: 1, padding: 1, options));
    }

    /// <summary>Whether resnets and attentions run again in the backward pass instead of keeping their activations.</summary>
    public bool CheckpointGradients { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Run(input, CancellationToken.None);

    /// <summary>The same, to be cancelled before any of its resnets.</summary>
    public Tensor Run(Tensor input, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var state = UNet2DState.WithoutSkips(_convIn.call(input), CheckpointGradients && is_grad_enabled(), cancellation);
        foreach (var block in _downBlocks)
            block.call(state);
        _midBlock.call(state);
        state.Replace(_convAct.OfNorm(_convNormOut, state.Hidden));

        return _convOut.call(state.Hidden).contiguous().MoveToOuterDisposeScope();
    }
}
