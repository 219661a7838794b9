using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>The largest of each 2 by 2 square: <c>[N, C, H, W]</c> to <c>[N, C, ⌊H/2⌋, ⌊W/2⌋]</c>.</summary>
public sealed class MaxPool2d() : Layer(nameof(MaxPool2d)), IHasExtraText
{
    string IHasExtraText.ExtraText => "kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False";

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.max_pool2d(input, 2, 2);
}
