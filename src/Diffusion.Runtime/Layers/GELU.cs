using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>x · Φ(x), by the error function.</summary>
internal sealed class GELU() : Activation(nameof(GELU)), IHasExtraText
{
    string IHasExtraText.ExtraText => "approximate='none'";

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.gelu(input);
}
