using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <content>Pictures of any size: the shorter side is brought to CLIP's by a bicubic filter, and the middle is cut out. Parity target: transformers' <c>CLIPImageProcessor</c>.</content>
public static partial class ClipPixels
{
    private const int UsualSize = 224;

    /// <summary>One picture as the vision tower takes it.</summary>
    /// <param name="picture">Of any size; gray becomes RGB.</param>
    /// <param name="size">Height and width the tower takes.</param>
    /// <returns><c>[1, 3, size, size]</c>, float32 on the CPU; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0455: a side below 1.</exception>
    public static Tensor Prepare(Image picture, int size = UsualSize)
    {
        ArgumentNullException.ThrowIfNull(picture);

        return Prepare([picture], size);
    }

    /// <summary>Pictures as the vision tower takes them.</summary>
    /// <param name="pictures">At least one, of any sizes; gray becomes RGB.</param>
    /// <param name="size">Height and width the tower takes.</param>
    /// <returns><c>[N, 3, size, size]</c>, float32 on the CPU; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0454: no pictures. DIF0455: a side below 1.</exception>
    public static Tensor Prepare(IEnumerable<Image> pictures, int size = UsualSize)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        using var batch = Image.ToBatch(pictures.Select(picture => Middle(picture.ToRgb(), size)));

        return Normalize(batch);
    }

    /// <summary>Pictures as the vision tower takes them, with their gradient: the same filter, without rounding to 8 bits on the way.</summary>
    /// <param name="pictures"><c>[N, 3, H, W]</c>, in [−1, 1], of any floating-point type and device.</param>
    /// <param name="size">Height and width the tower takes.</param>
    /// <returns><c>[N, 3, size, size]</c>, of the same type and device; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0410: another shape. DIF0455: a side below 1.</exception>
    public static Tensor Prepare(Tensor pictures, int size = UsualSize)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.dim() != 4 || pictures.Sizes()[1] != 3 || pictures.numel() == 0)
            throw Rules.InputShape.Error("the tensor of pictures", UNet2DModel.Shape(pictures), nameof(ClipPixels), "[N, 3, H, W]", "give pictures of 3 channels");

        using var scope = NewDisposeScope();
        var (height, width) = ((int)pictures.Sizes()[2], (int)pictures.Sizes()[3]);
        var (tall, wide) = Sides(height, width, size);
        var columns = Filter(width, wide, size, pictures);
        var rows = Filter(height, tall, size, pictures);

        return Normalize(rows.matmul(pictures).matmul(columns.t())).MoveToOuterDisposeScope();
    }

    private static Image Middle(Image picture, int size)
    {
        var (height, width) = Sides(picture.Height, picture.Width, size);

        return picture.ResizeBicubic(width, height).Crop((width - size) / 2, (height - size) / 2, size, size);
    }

    // The longer side is rounded down, as in transformers.
    private static (int Height, int Width) Sides(int height, int width, int size)
    {
        if (size < 1)
            throw Rules.ImageLayout.Error("size", size, "1 or more");

        var shorter = Math.Min(height, width);

        return ((int)((long)size * height / shorter), (int)((long)size * width / shorter));
    }

    // The rows of the filter's matrix [size, from] that the middle needs.
    private static Tensor Filter(int from, int to, int size, Tensor like)
    {
        var first = (to - size) / 2;
        var values = new float[size * from];
        for (var row = 0; row < size; row++)
        {
            var taps = ResampleFilter.Bicubic.Taps(from, to, first + row);
            for (var i = 0; i < taps.Weights.Length; i++)
                values[(row * from) + taps.First + i] = (float)taps.Weights[i];
        }

        return tensor(values, [size, from], ScalarType.Float32).to(like.dtype, like.device);
    }
}
