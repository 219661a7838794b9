using System.Linq;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Doubling height and width by repeating pixels, then a 3 × 3 convolution, as one transposed convolution of 4 × 4: less than half of the multiplications,
/// and no doubled tensor. Equal up to rounding.
/// </summary>
/// <remarks>
/// Along one axis y₂ᵢ = w₀ xᵢ₋₁ + (w₁ + w₂) xᵢ and y₂ᵢ₊₁ = (w₀ + w₁) xᵢ + w₂ xᵢ₊₁: a transposed convolution of stride 2 with the taps
/// w₂, w₁ + w₂, w₀ + w₁, w₀.
/// </remarks>
internal static class DoublingConvolution
{
    // Wider weights take longer to turn into taps than small images take to convolve (measured: 1024 channels lose at 8 × 8, 512 gain everywhere).
    private const long MostChannels = 512;

    private static readonly float[][] Taps = [[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]];

    // [9, 16]: what each weight adds to each tap.
    private static readonly float[] Sums =
        [.. from weight in Enumerable.Range(0, 9) from tap in Enumerable.Range(0, 16) select Taps[tap / 4][weight / 3] * Taps[tap % 4][weight % 3]];

    /// <summary>Whether it pays: measured on CPUs in float32.</summary>
    public static bool Fits(Tensor input) =>
        input.Sizes()[1] <= MostChannels && input.device_type == TorchSharp.DeviceType.CPU && input.dtype == ScalarType.Float32 && !PlainConvolution.IsBroken;

    /// <summary>The convolution of the doubled input, padded by 1.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[C′, C, 3, 3]</c>.</param>
    /// <param name="bias"><c>[C′]</c>.</param>
    /// <returns><c>[N, C′, 2H, 2W]</c>.</returns>
    public static Tensor Run(Tensor input, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var sums = tensor(Sums, [9, 16]);
        var taps = weight.view(-1, 9).matmul(sums).view(weight.Sizes()[0], weight.Sizes()[1], 4, 4).transpose(0, 1).contiguous();

        return F.conv_transpose2d(input, taps, bias, strides: [2, 2], padding: [1, 1]).MoveToOuterDisposeScope();
    }
}
