using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Conv2d = Diffusion.Runtime.Layers.Conv2d;
using GroupNorm = Diffusion.Runtime.Layers.GroupNorm;

namespace Diffusion.Runtime.Models;

/// <summary>The second half of an autoencoder: latents <c>[N, C, h, w]</c> to images <c>[N, C′, factor · h, factor · w]</c>.</summary>
internal sealed class Decoder : Layer
{
    // From such tensors on, what a level leaves in the heap is a good part of the peak.
    private const long LargeBytes = 4 << 20;

    private readonly Conv2d _convIn;
    private readonly DecoderBlock[] _upBlocks;
    private readonly UNetMidBlock2D _midBlock;
    private readonly GroupNorm _convNormOut;
    private readonly Activation _convAct;
    private readonly Conv2d _convOut;

    /// <param name="layout">The autoencoder's make.</param>
    /// <param name="options">How the parameters are made.</param>
    public Decoder(AutoencoderLayout layout, LayerOptions options)
        : base(nameof(Decoder))
    {
        // Made in diffusers' order, so that a seed gives the same values; registered in its order of printing (the middle after the way up).
        var coarse = layout.BlockOutChannels.Reverse().ToArray();
        register_module("conv_in", _convIn = new Conv2d(layout.LatentChannels, coarse[0], kernel: 3, stride: 1, padding: 1, options));
        _midBlock = AutoencoderLevel.Middle(layout, options);
        _upBlocks = [.. layout.UpBlockTypes.Select((name, i) =>
            DecoderBlock.Named(name, new AutoencoderLevel(layout, coarse[Math.Max(i - 1, 0)], coarse[i], Resamples: i < coarse.Length - 1), options))];
        register_module("up_blocks", new ModuleList<DecoderBlock>(_upBlocks));
        register_module("mid_block", _midBlock);
        register_module("conv_norm_out", _convNormOut = new GroupNorm(layout.NormNumGroups, coarse[^1], AutoencoderLevel.Epsilon, options));
        register_module("conv_act", _convAct = Activation.Named("silu"));
        register_module("conv_out", _convOut = new Conv2d(coarse[^1], layout.OutChannels, kernel: 3, stride: 1, padding: 1, options));
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
        _midBlock.call(state);
        foreach (var block in _upBlocks)
        {
            if (IsLarge(state.Hidden))
                HeapPolicy.GiveBack();
            block.call(state);
        }

        state.Replace(_convAct.OfNorm(_convNormOut, state.Hidden));

        return _convOut.call(state.Hidden).contiguous().MoveToOuterDisposeScope();
    }

    private static bool IsLarge(Tensor hidden) => hidden.device_type == DeviceType.CPU && hidden.numel() * hidden.element_size() >= LargeBytes;
}
