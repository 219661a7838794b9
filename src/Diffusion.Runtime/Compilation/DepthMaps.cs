using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <summary>Depth as a network reads it: in the size of latents, each map in [−1, 1]. Parity target: diffusers' <c>StableDiffusionDepth2ImgPipeline</c>, behind its depth estimator.</summary>
internal static class DepthMaps
{
    /// <summary>The maps of some pictures, all of one size, as the network reads them.</summary>
    /// <param name="depths">At least one.</param>
    /// <param name="height">Of x.</param>
    /// <param name="width">Of x.</param>
    /// <returns><c>[N, 1, height, width]</c>, float32; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0441: a map is the same everywhere, or not finite.</exception>
    public static Tensor Of(IReadOnlyList<DepthMap> depths, long height, long width)
    {
        var size = depths[0].Hash;
        using var all = torch.tensor(depths.SelectMany(depth => depth.Values).ToArray(), [depths.Count, 1, size.Height, size.Width], torch.ScalarType.Float32);
        return Of(all, height, width);
    }

    /// <summary>Resized by a bicubic filter, then brought to [−1, 1] by each map's own smallest and greatest value.</summary>
    /// <param name="depths">In any unit and size, near or far being great, <c>[N, 1, H, W]</c>.</param>
    /// <param name="height">Of x.</param>
    /// <param name="width">Of x.</param>
    /// <returns><c>[N, 1, height, width]</c>, float32; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0441: a map is the same everywhere, or not finite.</exception>
    private static Tensor Of(Tensor depths, long height, long width)
    {
        using var guard = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var small = F.interpolate(depths.to(torch.ScalarType.Float32), size: [height, width], mode: torch.InterpolationMode.Bicubic, align_corners: false);
        var (least, most) = (small.amin([1, 2, 3], keepdim: true), small.amax([1, 2, 3], keepdim: true));
        var (from, to) = (least.cpu().data<float>().ToArray(), most.cpu().data<float>().ToArray());
        var flat = Enumerable.Range(0, from.Length).Cast<int?>().FirstOrDefault(i => !(to[i!.Value] > from[i.Value] && float.IsFinite(to[i.Value] - from[i.Value])));
        return flat is { } wrong
            ? throw Rules.DepthMapFlat.Error(wrong, from[wrong], to[wrong])
            : Arithmetic.Plus(Arithmetic.Times(small - least, 2) / (most - least), -1).MoveToOuterDisposeScope();
    }
}
