using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <summary>Keeps x̂_0 in range.</summary>
public static class Clamping
{
    /// <summary>x0 ← clamp(x0, −limit, limit), in place.</summary>
    /// <param name="x0">[N, C, H, W], any float dtype and device.</param>
    /// <param name="limit">Above 0.</param>
    public static void Range(Tensor x0, double limit)
    {
        using Scalar low = -limit, high = limit;
        x0.clamp_(low, high);
    }

    /// <summary>
    /// Dynamic thresholding, in place: s = quantile of |x0| over each picture, cut to [1, maxValue]; x0 ← clamp(x0, −s, s)/s
    /// (arXiv:2205.11487, section 2.3).
    /// </summary>
    /// <param name="x0">[N, C, H, W], any float dtype and device.</param>
    /// <param name="ratio">The quantile, in (0, 1].</param>
    /// <param name="maxValue">The largest s, at least 1.</param>
    public static void Dynamic(Tensor x0, double ratio, double maxValue)
    {
        using var scope = torch.NewDisposeScope();
        var flat = x0.reshape(x0.Sizes()[0], -1);
        var working = flat.dtype is torch.ScalarType.Float32 or torch.ScalarType.Float64 ? flat : flat.to_type(torch.ScalarType.Float32);
        var quantile = torch.tensor(ratio, dtype: working.dtype, device: working.device);
        using Scalar least = 1, most = maxValue;
        var s = torch.quantile(working.abs(), quantile, dim: 1, keepdim: true).clamp(least, most);
        var cut = torch.minimum(torch.maximum(working, -s), s) / s;
        x0.copy_(cut.reshape(x0.Sizes()));
    }
}
