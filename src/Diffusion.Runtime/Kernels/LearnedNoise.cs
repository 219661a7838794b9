using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <summary>Noise whose variance the network predicts.</summary>
public static class LearnedNoise
{
    /// <summary>x ← x + exp(½(f·maxLog + (1 − f)·minLog))·z with f = (v + 1)/2, in place (arXiv:2102.09672, Eq. 15).</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="v">The second half of the network's channels, [N, C, H, W].</param>
    /// <param name="z">Gaussian noise [N, C, H, W].</param>
    /// <param name="minLog">log β̃_t.</param>
    /// <param name="maxLog">log β_t.</param>
    public static void AddRange(Tensor x, Tensor v, Tensor z, double minLog, double maxLog)
    {
        using var scope = torch.NewDisposeScope();
        using Scalar slope = (maxLog - minLog) / 4, middle = (maxLog + minLog) / 4, one = 1;
        var half = v.mul(slope).add_(middle, one); // ½ log σ²
        x.addcmul_(half.exp_(), z, one);
    }

    /// <summary>x ← x + √v·z, in place.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="v">The variance, [N, C, H, W].</param>
    /// <param name="z">Gaussian noise [N, C, H, W].</param>
    public static void Add(Tensor x, Tensor v, Tensor z)
    {
        using Scalar one = 1;
        using var deviation = v.sqrt();
        x.addcmul_(deviation, z, one);
    }
}
