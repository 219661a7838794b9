using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>The smoothing filter (1, 3, 3, 1) ⊗ (1, 3, 3, 1) / 64 of StyleGAN2 (arXiv:1912.04958), as one kernel per channel.</summary>
internal static class Fir
{
    /// <summary>Taps of the filter on one side.</summary>
    public const int Size = 4;

    /// <summary>The filter for depthwise convolution, <c>[C, 1, 4, 4]</c>, of the type and on the device of <paramref name="like"/>.</summary>
    /// <param name="like">A tensor <c>[N, C, H, W]</c>.</param>
    /// <param name="gain">The sum of the taps.</param>
    public static Tensor Kernel(Tensor like, double gain)
    {
        using var scope = NewDisposeScope();
        var taps = tensor(new float[] { 1, 3, 3, 1 });
        var kernel = Arithmetic.Times(outer(taps, taps), gain / 64);

        return kernel.to(like.dtype, like.device).expand(like.Sizes()[1], 1, Size, Size).MoveToOuterDisposeScope();
    }
}
