using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>Gives its input back, as an alias that may be disposed on its own.</summary>
public sealed class Identity() : Layer(nameof(Identity))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.alias();
}
