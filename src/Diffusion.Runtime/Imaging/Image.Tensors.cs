using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime;

/// <content>Between pixels and the tensors that models speak: diffusers' <c>VaeImageProcessor</c> conventions.</content>
public sealed partial class Image
{
    /// <summary>The image in one tensor: each value becomes <c>round(255 · clamp(x/2 + 1/2, 0, 1))</c>, half to even, as in diffusers.</summary>
    /// <param name="tensor">Shape <c>[C, H, W]</c> or <c>[1, C, H, W]</c>, C = 1 or 3, any floating-point type and device, range [-1, 1]; what lies outside is clipped.</param>
    /// <exception cref="DiffusionException">DIF0451: another shape or type. DIF0452: the tensor holds NaN.</exception>
    public static Image FromTensor(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var shape = tensor.shape;
        if (shape.Length == 4 && shape[0] != 1)
            throw Rules.ImageTensorShape.Error(Shape(shape), "[C, H, W] or [1, C, H, W]");

        return Unpack(tensor, "[C, H, W] or [1, C, H, W]")[0];
    }

    /// <summary>The images of a batch, in order; the values become pixels as in <see cref="FromTensor"/>.</summary>
    /// <param name="batch">Shape <c>[N, C, H, W]</c>, C = 1 or 3, any floating-point type and device, range [-1, 1]; what lies outside is clipped.</param>
    /// <exception cref="DiffusionException">DIF0451: another shape or type. DIF0452: the tensor holds NaN.</exception>
    public static IReadOnlyList<Image> FromBatch(Tensor batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.dim() != 4)
            throw Rules.ImageTensorShape.Error(Shape(batch.shape), "[N, C, H, W]");

        return Unpack(batch, "[N, C, H, W]");
    }

    /// <summary>Images of one size as one batch.</summary>
    /// <param name="images">At least one image; all of one size and channel count.</param>
    /// <returns>Shape <c>[N, C, H, W]</c>, float32 on the CPU, <c>2 · pixel/255 − 1</c>, range [-1, 1].</returns>
    /// <exception cref="DiffusionException">DIF0453: the sizes differ. DIF0454: no images.</exception>
    public static Tensor ToBatch(IEnumerable<Image> images)
    {
        var list = OneSize(images);
        var first = list[0];
        var values = new float[(long)list.Count * first.pixels.Length];
        for (var n = 0; n < list.Count; n++)
            list[n].CopyPlanes(values.AsSpan(n * first.pixels.Length, first.pixels.Length));

        return tensor(values, [list.Count, first.Channels, first.Height, first.Width], ScalarType.Float32);
    }

    /// <summary>The image as a tensor.</summary>
    /// <returns>Shape <c>[C, H, W]</c>, float32 on the CPU, <c>2 · pixel/255 − 1</c>, range [-1, 1].</returns>
    public Tensor ToTensor()
    {
        var values = new float[pixels.Length];
        CopyPlanes(values);
        return tensor(values, [Channels, Height, Width], ScalarType.Float32);
    }

    private static Image[] Unpack(Tensor source, string allowed)
    {
        var shape = source.shape;
        if (shape.Length is < 3 or > 4 || shape[^3] is not (1 or 3) || shape.Any(size => size is < 1 or > int.MaxValue) || !source.is_floating_point())
            throw Rules.ImageTensorShape.Error(Shape(shape) + " of " + source.dtype, allowed);

        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var values = source.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        var notNumbers = values.LongCount(float.IsNaN);
        if (notNumbers > 0)
            throw Rules.ImageNotANumber.Error(notNumbers, values.LongLength);

        int channels = (int)shape[^3], height = (int)shape[^2], width = (int)shape[^1];
        var count = shape.Length == 4 ? (int)shape[0] : 1;
        var size = channels * height * width;
        return Enumerable.Range(0, count)
            .Select(n => new Image(Interleave(values.AsSpan(n * size, size), channels), width, height, channels))
            .ToArray();
    }

    private static byte[] Interleave(ReadOnlySpan<float> planes, int channels)
    {
        var bytes = new byte[planes.Length];
        var plane = planes.Length / channels;
        for (var c = 0; c < channels; c++)
        {
            for (var i = 0; i < plane; i++)
                bytes[i * channels + c] = (byte)MathF.Round(Math.Clamp(planes[c * plane + i] / 2 + 0.5f, 0f, 1f) * 255f);
        }

        return bytes;
    }

    private static string Shape(long[] shape) => "[" + string.Join(", ", shape) + "]";

    private void CopyPlanes(Span<float> planes)
    {
        var plane = Width * Height;
        for (var c = 0; c < Channels; c++)
        {
            for (var i = 0; i < plane; i++)
                planes[c * plane + i] = 2f * (pixels[i * Channels + c] / 255f) - 1f;
        }
    }
}
