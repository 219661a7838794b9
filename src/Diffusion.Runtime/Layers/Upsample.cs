using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>Doubles height and width by repeating pixels: <c>[N, C, H, W]</c> to <c>[N, C, 2H, 2W]</c>.</summary>
public sealed class Upsample() : Layer(nameof(Upsample)), IHasExtraText
{
    string IHasExtraText.ExtraText => "scale_factor=2.0, mode='nearest'";

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.interpolate(input, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
}
