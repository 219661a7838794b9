using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>The place of a layer that a configuration leaves out of a list; PyTorch holds and prints <c>None</c> there.</summary>
internal sealed class Absent() : Layer(nameof(Absent))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.alias();
}
