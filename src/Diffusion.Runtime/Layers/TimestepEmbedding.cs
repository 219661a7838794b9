using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>Two linear layers with SiLU between them, <c>[N, in]</c> to <c>[N, dim]</c>: what makes sinusoids of a timestep an embedding.</summary>
public sealed class TimestepEmbedding : Layer
{
    private readonly Linear _linear1;
    private readonly Linear? _condProj;
    private readonly Activation _act;
    private readonly Linear _linear2;

    /// <summary>An embedding.</summary>
    /// <param name="inDim">Length of the input.</param>
    /// <param name="dim">Length of the output, and of the layer between.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <param name="conditionDim">Length of a condition that is added to the input, such as the embedded guidance scale of LCM; null for none.</param>
    public TimestepEmbedding(long inDim, long dim, LayerOptions options, long? conditionDim = null)
        : base(nameof(TimestepEmbedding))
    {
        register_module("linear_1", _linear1 = new Linear(inDim, dim, options));
        if (conditionDim is { } length)
            register_module("cond_proj", _condProj = new Linear(length, inDim, options, hasBias: false));
        register_module("act", _act = new SiLU());
        register_module("linear_2", _linear2 = new Linear(dim, dim, options));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Forward(input, null);

    /// <summary>The embedding of an input and a condition.</summary>
    /// <param name="input"><c>[N, in]</c>.</param>
    /// <param name="condition"><c>[N, condition]</c>, or null.</param>
    internal Tensor Forward(Tensor input, Tensor? condition)
    {
        using var added = condition is null || _condProj is null ? null : Arithmetic.Plus(input, _condProj.call(condition));
        using var hidden = _linear1.call(added ?? input);
        using var activated = _act.call(hidden);

        return _linear2.call(activated);
    }
}
