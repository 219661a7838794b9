using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>max(x, 0).</summary>
internal sealed class ReLU() : Activation(nameof(ReLU))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.device_type == DeviceType.META ? empty_like(input) : F.relu(input);
}
