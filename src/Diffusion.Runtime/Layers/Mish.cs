using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>x · tanh(ln(1 + eˣ)).</summary>
internal sealed class Mish() : Activation(nameof(Mish))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.mish(input);
}
