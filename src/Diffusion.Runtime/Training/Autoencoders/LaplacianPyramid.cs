using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Training;

/// <summary>
/// The distance of two pictures' Laplacian pyramids, Burt and Adelson (1983), doi:10.1109/TCOM.1983.1095851, as a loss of Bojanowski et al. (2017),
/// arXiv:1707.05776: on each level the L1 norm of what is lost by halving the size.
/// </summary>
internal static class LaplacianPyramid
{
    private const int Levels = 3;

    /// <summary>The mean over levels of the mean absolute value; a pyramid is linear, so that the pictures' difference is enough.</summary>
    /// <param name="difference">One picture less the other, <c>[N, C, H, W]</c>; H and W divisible by 8.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Distance(Tensor difference)
    {
        var (sum, rest) = (zeros(1, device: difference.device).squeeze(), difference);
        for (var level = 0; level < Levels; level++)
        {
            var half = F.avg_pool2d(rest, 2);
            sum = Arithmetic.Plus(sum, (rest - F.interpolate(half, scale_factor: [2, 2], mode: InterpolationMode.Nearest)).abs().mean());
            rest = half;
        }

        return Arithmetic.Over(Arithmetic.Plus(sum, rest.abs().mean()), Levels + 1);
    }
}
