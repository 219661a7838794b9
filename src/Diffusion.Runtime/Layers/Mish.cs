using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>x · tanh(ln(1 + eˣ)).</summary>
internal sealed class Mish() : Activation(nameof(Mish))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var softplus = logaddexp(input, zeros([1], input.dtype, input.device)); // ln(eˣ + e⁰)
        return (input * softplus.tanh()).MoveToOuterDisposeScope();
    }
}
