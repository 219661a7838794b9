using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>Two linear layers with SiLU between them, <c>[N, in]</c> to <c>[N, dim]</c>: what makes sinusoids of a timestep an embedding.</summary>
public sealed class TimestepEmbedding : Layer
{
    private readonly Linear _linear1;
    private readonly Activation _act;
    private readonly Linear _linear2;

    /// <summary>An embedding.</summary>
    /// <param name="inDim">Length of the input.</param>
    /// <param name="dim">Length of the output, and of the layer between.</param>
    /// <param name="options">How the parameters are made.</param>
    public TimestepEmbedding(long inDim, long dim, LayerOptions options)
        : base(nameof(TimestepEmbedding))
    {
        register_module("linear_1", _linear1 = new Linear(inDim, dim, options));
        register_module("act", _act = new SiLU());
        register_module("linear_2", _linear2 = new Linear(dim, dim, options));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var hidden = _linear1.call(input);
        using var activated = _act.call(hidden);

        return _linear2.call(activated);
    }
}
