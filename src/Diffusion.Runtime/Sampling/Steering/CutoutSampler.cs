using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// Random crops with their gradient: crop, turn and mirror are one affine map, and the crop is sampled once, bilinearly. The distribution is torchvision's
/// (RandomResizedCrop with ratios from 3/4 to 4/3, RandomAffine, RandomHorizontalFlip); the numbers are those of the picture's seed and the step.
/// </summary>
internal static class CutoutSampler
{
    private const int Tries = 10;

    // An area and a ratio for each try, two for the place, one for the turn, one for the mirror.
    private const int Numbers = (2 * Tries) + 4;

    private static readonly double MostElongated = Math.Log(4.0 / 3);

    /// <summary>The crops of all pictures, picture by picture.</summary>
    /// <param name="pictures"><c>[N, C, H, W]</c>, with their graph.</param>
    /// <param name="cuts">How many of each.</param>
    /// <param name="cutouts">Which.</param>
    /// <param name="size">Pixels along each side of a crop.</param>
    /// <param name="seeds">The seed of each picture.</param>
    /// <param name="step">The number of the step.</param>
    /// <returns><c>[N · cuts, C, size, size]</c>.</returns>
    public static Tensor Take(Tensor pictures, int cuts, Cutouts cutouts, int size, IReadOnlyList<long> seeds, int step)
    {
        var (count, aspect) = (pictures.shape[0], (double)pictures.shape[3] / pictures.shape[2]);
        var maps = Enumerable.Range(0, (int)count).SelectMany(i => Maps(cuts, cutouts, aspect, seeds[i], step)).SelectMany(map => map).ToArray();
        var theta = tensor(maps, [count * cuts, 2, 3]).to(pictures.dtype, pictures.device);
        var grid = F.affine_grid(theta, [count * cuts, pictures.shape[1], size, size], align_corners: false);
        return F.grid_sample(pictures.repeat_interleave(cuts, 0), grid, mode: GridSampleMode.Bilinear, padding_mode: GridSamplePaddingMode.Zeros, align_corners: false);
    }

    // From a place in the crop to a place in the picture, both from −1 to 1: two rows of three numbers.
    private static IEnumerable<float[]> Maps(int cuts, Cutouts cutouts, double aspect, long seed, int step)
    {
        using var generator = new Generator(unchecked(((ulong)seed * 0x9E3779B97F4A7C15) + (ulong)step + 1));
        using var numbers = rand([cuts, Numbers], ScalarType.Float64, generator: generator);
        var drawn = numbers.data<double>().ToArray();
        for (var cut = 0; cut < cuts; cut++)
        {
            var row = drawn[(cut * Numbers)..((cut + 1) * Numbers)];
            var (width, height) = Box(row, cutouts, aspect);
            var (x, y) = ((1 - width) * ((2 * row[^4]) - 1), (1 - height) * ((2 * row[^3]) - 1));
            var (sine, cosine) = Math.SinCos(((2 * row[^2]) - 1) * cutouts.Degrees * Math.PI / 180);
            var turn = cutouts.Mirrors && row[^1] < 0.5 ? -1 : 1;
            yield return
            [
                (float)(width * cosine * turn), (float)(-height * sine / aspect), (float)x,
                (float)(width * sine * aspect * turn), (float)(height * cosine), (float)y,
            ];
        }
    }

    // The width and height of a crop, as shares of the picture's: an area and a ratio are drawn until they fit; else the whole picture.
    private static (double Width, double Height) Box(double[] row, Cutouts cutouts, double aspect)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var area = cutouts.Smallest + (row[2 * attempt] * (cutouts.Largest - cutouts.Smallest));
            var ratio = Math.Exp(((2 * row[(2 * attempt) + 1]) - 1) * MostElongated);
            var (width, height) = (Math.Sqrt(area * ratio / aspect), Math.Sqrt(area * aspect / ratio));
            if (width <= 1 && height <= 1)
                return (width, height);
        }

        return (1, 1);
    }
}
