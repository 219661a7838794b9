using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>The part of a transformer block that treats each token alone: a gated layer of four times the width, and back.</summary>
internal sealed class FeedForward : Layer
{
    private const int Widening = 4;

    private readonly GEGLU _up;
    private readonly Dropout _dropout;
    private readonly Linear _down;

    public FeedForward(long channels, double dropout, LayerOptions options)
        : base(nameof(FeedForward)) => register_module("net", new ModuleList<nn.Module<Tensor, Tensor>>(
            _up = new GEGLU(channels, Widening * channels, options),
            _dropout = new Dropout(dropout),
            _down = new Linear(Widening * channels, channels, options)));

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var gated = _up.call(input);
        if (_dropout.IsIdle)
            return _down.call(gated);

        using var dropped = _dropout.call(gated);

        return _down.call(dropped);
    }

    /// <summary>The part of each token plus something; in one operation where weights are packed.</summary>
    public Tensor Run(Tensor input, Tensor added)
    {
        if (is_grad_enabled() || !((IPackable)_down).Packed.IsPacked)
            return Residual.AddTo(call(input), added);

        using var gated = _up.call(input);

        return _down.Run(gated, added);
    }
}
