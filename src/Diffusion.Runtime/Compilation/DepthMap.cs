using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Diffusion.Dsl;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <summary>What is near and what is far in one picture, in any unit and size: great is near.</summary>
/// <param name="Hash">As receipts name it: the image's pixels, or of a tensor its numbers as float32, little-endian.</param>
/// <param name="Values">Row by row.</param>
internal sealed record DepthMap(PixelHash Hash, float[] Values)
{
    /// <summary>The depth that an image shows: light is near.</summary>
    /// <param name="image">Of any size.</param>
    public static DepthMap Of(Image image)
    {
        using var scope = torch.NewDisposeScope();
        return new(image.Hash(), [.. Image.ToBatch([image]).mean([1]).data<float>()]);
    }

    /// <summary>The depths of a tensor.</summary>
    /// <param name="depths"><c>[N, 1, H, W]</c>, on any device.</param>
    public static DepthMap[] Of(Tensor depths)
    {
        using var scope = torch.NewDisposeScope();
        var rows = depths.detach().to(torch.ScalarType.Float32).cpu();
        return [.. Enumerable.Range(0, (int)rows.shape[0]).Select(i =>
        {
            var values = rows[i].contiguous().data<float>().ToArray();
            return new DepthMap(new PixelHash((int)rows.shape[3], (int)rows.shape[2], 1, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))), values);
        })];
    }
}
