using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models.Clip;

public sealed class ClipPixelsTests
{
    [Fact]
    public void ABicubicFilterSumsToOneAndOvershoots()
    {
        var edge = new Image(8, 1, 1, [0, 0, 0, 0, 255, 255, 255, 255]);
        var larger = edge.ResizeBicubic(16, 1);

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 52, 203, 255, 255, 255, 255, 255, 255, 255], Undershot(larger));
        Assert.Equal(edge, edge.ResizeBicubic(8, 1));
        Assert.All(new Image(9, 7, 3, [.. Enumerable.Repeat((byte)77, 189)]).ResizeBicubic(4, 13).Pixels.ToArray(), value => Assert.Equal(77, value));
        Assert.Equal("DIF0455", Assert.Throws<DiffusionException>(() => edge.ResizeBicubic(0, 1)).Id);
    }

    [Fact]
    public void ThePictureAndItsTensorArePreparedAlike()
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var picture = new Image(31, 23, 3, [.. Enumerable.Range(0, 31 * 23 * 3).Select(i => (byte)(128 + (100 * Math.Sin(i / 200.0)) + random.Next(20)))]);
        using var bytes = ClipPixels.Prepare(picture, 16);
        using var floats = ClipPixels.Prepare(picture.ToTensor().unsqueeze(0), 16);

        Assert.Equal([1, 3, 16, 16], floats.shape);
        Assert.InRange((bytes - floats).abs().max().item<float>(), 0, 0.02f); // one step of 8 bits is 0.015
    }

    [Fact]
    public void TheMiddleIsCutOut()
    {
        using var scope = NewDisposeScope();
        var columns = arange(12, ScalarType.Float32).view(1, 1, 1, 12).expand(1, 3, 4, 12) / 12;
        var prepared = ClipPixels.Prepare(columns, 4);

        Assert.True(prepared.allclose(ClipPixels.Normalize(columns[.., .., .., 4..8]), atol: 1e-6));
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => ClipPixels.Prepare(zeros(1, 1, 4, 4))).Id);
        Assert.Equal("DIF0455", Assert.Throws<DiffusionException>(() => ClipPixels.Prepare(zeros(1, 3, 4, 4), 0)).Id);
    }

    private static int[] Undershot(Image image) => [.. image.Pixels.ToArray().Select(value => (int)value)];
}
