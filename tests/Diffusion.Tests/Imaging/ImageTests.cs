using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;

namespace Diffusion.Tests.Imaging;

public sealed class ImageTests
{
    internal static Image Pattern(int width, int height, int channels, int start = 0) =>
        new(width, height, channels, Enumerable.Range(start, width * height * channels).Select(i => (byte)(i * 7)).ToArray());

    [Fact]
    public void ImagesAreEqualWhenSizeAndPixelsAre()
    {
        Assert.Equal(Pattern(3, 2, 3), Pattern(3, 2, 3));
        Assert.Equal(Pattern(3, 2, 3).GetHashCode(), Pattern(3, 2, 3).GetHashCode());
        Assert.NotEqual(Pattern(3, 2, 3), Pattern(3, 2, 3, start: 1));
        Assert.NotEqual(Pattern(3, 2, 1), Pattern(2, 3, 1));
        Assert.False(Pattern(3, 2, 1).Equals(null));
    }

    [Fact]
    public void AnImageDoesNotChangeWithTheArrayItWasMadeFrom()
    {
        var pixels = new byte[4];
        var image = new Image(2, 2, 1, pixels);
        pixels[0] = 1;
        Assert.Equal(0, image[0, 0]);
    }

    [Fact]
    public void PixelsAreFoundByColumnRowAndChannel()
    {
        var image = new Image(2, 2, 3, [.. Enumerable.Range(0, 12).Select(i => (byte)i)]);
        Assert.Equal((byte)5, image[1, 0, 2]);
        Assert.Equal((byte)6, image[0, 1]);
        Assert.Equal("2 x 2 RGB", image.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => image[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => image[0, -1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => image[0, 0, 3]);
    }

    [Theory]
    [InlineData(0, 2, 1, 0)]
    [InlineData(2, 2, 2, 8)]
    [InlineData(2, 2, 3, 4)]
    [InlineData(-1, -1, 1, 1)]
    public void AnImpossibleSizeIsRefused(int width, int height, int channels, int bytes) =>
        Assert.Equal("DIF0450", Assert.Throws<DiffusionException>(() => new Image(width, height, channels, new byte[bytes])).Id);

    [Fact]
    public void AGridFillsRowsAndLeavesTheBackgroundInFreePlaces()
    {
        var images = Enumerable.Range(1, 3).Select(i => new Image(1, 1, 1, [(byte)i]));
        Assert.Equal(new Image(5, 5, 1, [9, 9, 9, 9, 9, 9, 1, 9, 2, 9, 9, 9, 9, 9, 9, 9, 3, 9, 9, 9, 9, 9, 9, 9, 9]), Image.Grid(images, columns: 2, padding: 1, background: 9));
    }

    [Fact]
    public void AStripIsOneRow() =>
        Assert.Equal(new Image(4, 1, 3, [.. Pattern(2, 1, 3).Pixels.ToArray(), .. Pattern(2, 1, 3, 5).Pixels.ToArray()]), Image.Strip([Pattern(2, 1, 3), Pattern(2, 1, 3, 5)]));

    [Fact]
    public void AGridOfOneImageWithoutPaddingIsThatImage() => Assert.Equal(Pattern(3, 2, 3), Image.Grid([Pattern(3, 2, 3)]));

    [Fact]
    public void EnlargingDrawsEveryPixelAsASquare()
    {
        Assert.Equal(new Image(4, 4, 1, [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]), new Image(2, 2, 1, [1, 2, 3, 4]).Enlarge(2));
        Assert.Equal(Pattern(2, 3, 3), Pattern(2, 3, 3).Enlarge(1));
        var large = Pattern(2, 3, 3).Enlarge(3);
        Assert.Equal(Pattern(2, 3, 3)[1, 2, 1], large[5, 8, 1]);
    }

    [Fact]
    public void LayoutErrorsSayWhatIsAllowed()
    {
        Assert.Equal("DIF0454", Assert.Throws<DiffusionException>(() => Image.Grid([])).Id);
        Assert.Equal("DIF0453", Assert.Throws<DiffusionException>(() => Image.Grid([Pattern(2, 2, 1), Pattern(2, 2, 3)])).Id);
        Assert.Equal("DIF0453", Assert.Throws<DiffusionException>(() => Image.Strip([Pattern(2, 2, 1), Pattern(3, 2, 1)])).Id);
        Assert.Equal("DIF0455: columns is 0; choose 1 or more", Assert.Throws<DiffusionException>(() => Image.Grid([Pattern(2, 2, 1)], columns: 0)).Message);
        Assert.Equal("DIF0455", Assert.Throws<DiffusionException>(() => Image.Grid([Pattern(2, 2, 1)], padding: -1)).Id);
        Assert.Equal("DIF0455", Assert.Throws<DiffusionException>(() => Image.Grid([Pattern(2, 2, 1)], padding: int.MaxValue)).Id);
        Assert.Equal("DIF0455", Assert.Throws<DiffusionException>(() => Pattern(2, 2, 1).Enlarge(0)).Id);
        Assert.Equal("DIF0455", Assert.Throws<DiffusionException>(() => Pattern(2, 2, 1).Enlarge(100_000)).Id);
        Assert.Equal("DIF0455", Assert.Throws<DiffusionException>(() => Pattern(2, 2, 1).Enlarge(int.MaxValue)).Id);
    }
}
