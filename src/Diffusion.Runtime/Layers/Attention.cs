using System.Collections.Generic;
using Diffusion.Runtime.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// Self-attention over the pixels of an image with a residual connection: <c>[N, C, H, W]</c> to the same shape.
/// Heads of softmax(q kᵀ / √d) v (arXiv:1706.03762, eq. 1) between two linear maps.
/// </summary>
public sealed class Attention : Layer, ICountsProducts, IFeatureMixer, IHasHeads
{
    private readonly long _heads;
    private readonly double _rescale;
    private readonly GroupNorm? _groupNorm;
    private readonly Linear _toQ;
    private readonly Linear _toK;
    private readonly Linear _toV;
    private readonly Linear _toOut;
    private long? _slice;

    /// <summary>An attention layer.</summary>
    /// <param name="channels">C.</param>
    /// <param name="headDim">Channels of a head; there are ⌊C / headDim⌋ heads.</param>
    /// <param name="normGroups">Groups of the norm before it; null for none.</param>
    /// <param name="epsilon">ε of that norm.</param>
    /// <param name="rescale">The residual sum is divided by this.</param>
    /// <param name="options">How the parameters are made.</param>
    public Attention(long channels, long headDim, long? normGroups, double epsilon, double rescale, LayerOptions options)
        : base(nameof(Attention))
    {
        _heads = channels / headDim;
        _rescale = rescale;
        var inner = _heads * headDim;
        if (normGroups is { } groups)
            register_module("group_norm", _groupNorm = new GroupNorm(groups, channels, epsilon, options));
        register_module("to_q", _toQ = new Linear(channels, inner, options));
        register_module("to_k", _toK = new Linear(channels, inner, options));
        register_module("to_v", _toV = new Linear(channels, inner, options));
        register_module("to_out", new ModuleList<nn.Module<Tensor, Tensor>>(_toOut = new Linear(inner, channels, options), new Dropout(0)));
    }

    long IHasHeads.Heads => _heads;

    long? IHasHeads.Slice
    {
        get => _slice;
        set => _slice = value;
    }

    // q kᵀ and its product with v
    long ICountsProducts.Products(long[] input, long[] output) => 2 * input[0] * _toQ.OutFeatures * input[2] * input[3] * input[2] * input[3];

    Tensor IFeatureMixer.Mix(Tensor features, TextCondition? text) => PerturbedText.SwitchesOff(text, this) ? Forward(features, attends: false) : call(features);

    IEnumerable<Parameter> IFeatureMixer.parameters(bool recurse) => parameters(recurse);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Forward(input, attends: true);

    // Where tokens do not attend to each other, each has its own value.
    private Tensor Forward(Tensor input, bool attends)
    {
        using var scope = NewDisposeScope();
        var shape = input.Sizes();
        var normed = _groupNorm is null ? input : _groupNorm.call(input);
        var tokens = PixelTokens.Of(normed);
        var mixed = attends ? SlicedAttention.Attend(_toQ.call(tokens), _toK.call(tokens), _toV.call(tokens), _heads, _slice) : _toV.call(tokens);
        mixed = _toOut.call(mixed);

        return Residual.Add(PixelTokens.ToImage(mixed, shape, input), input, _rescale).MoveToOuterDisposeScope();
    }
}
