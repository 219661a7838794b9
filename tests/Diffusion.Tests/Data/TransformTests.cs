using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;

namespace Diffusion.Tests.Data;

public sealed class TransformTests
{
    // 4 x 2, each pixel its number.
    private static readonly Image Numbers = new(4, 2, 1, [0, 1, 2, 3, 4, 5, 6, 7]);

    [Fact]
    public void TransformsOfTransformedDataComeBehindItsOwn()
    {
        var data = new DigitData(new ProceduralDigits(0), 4);
        var (first, second) = (ImageTransforms.None.Resize(20, 20), ImageTransforms.None.CenterCrop(8).Normalize(0, 1));
        var both = data.Transformed(first).Transformed(second);

        Assert.Equal(data.Transformed(ImageTransforms.None.Resize(20, 20).CenterCrop(8).Normalize(0, 1)), both);
        Assert.Equal(both, both.Transformed(ImageTransforms.None));
        foreach (var loader in new[] { new ImageLoader(both, 4), new ImageLoader(data.Transformed(first), 4).WithTransforms(second), new ImageLoader(new TransformedData(data.Transformed(first), second), 4) })
        {
            using var batch = loader.Epoch().Single();
            Assert.Equal([4, 1, 8, 8], batch.Images.shape);
            Assert.InRange(batch.Images.min().item<float>(), 0, 1);
        }
    }

    [Fact]
    public void ACropTakesItsPixels()
    {
        Assert.Equal([1, 2, 5, 6], ImageTransforms.None.CenterCrop(2).Apply(Numbers).Pixels.ToArray());
        Assert.Equal([2, 3], Numbers.Crop(2, 0, 2, 1).Pixels.ToArray());
        Assert.Equal("DIF0525: the picture is 4 x 2 gray, but the crop is 3 x 3; resize first, or choose a smaller crop", Assert.Throws<DiffusionException>(() => ImageTransforms.None.RandomCrop(3).Apply(Numbers)).Message);
    }

    [Fact]
    public void ARandomCropIsEverywhereAndItsSeedDecides()
    {
        var crop = ImageTransforms.None.RandomCrop(2);
        var places = Enumerable.Range(0, 300).Select(i => (int)crop.Apply(Numbers, seed: 1, epoch: 0, index: i)[0, 0]).ToArray();
        Assert.Equal(places, Enumerable.Range(0, 300).Select(i => (int)crop.Apply(Numbers, seed: 1, epoch: 0, index: i)[0, 0]));
        Assert.NotEqual(places, Enumerable.Range(0, 300).Select(i => (int)crop.Apply(Numbers, seed: 1, epoch: 1, index: i)[0, 0]));
        Assert.NotEqual(places, Enumerable.Range(0, 300).Select(i => (int)crop.Apply(Numbers, seed: 2, epoch: 0, index: i)[0, 0]));
        Assert.All(Enumerable.Range(0, 3), place => Assert.InRange(places.Count(found => found == place), 70, 130));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.5, 100, 200)]
    [InlineData(1, 300, 300)]
    public void AFlipMirrorsSomePictures(double probability, int least, int most)
    {
        var flip = ImageTransforms.None.Flip(probability);
        var flipped = Enumerable.Range(0, 300).Count(i => flip.Apply(Numbers, index: i).Equals(new Image(4, 2, 1, [3, 2, 1, 0, 7, 6, 5, 4])));
        Assert.InRange(flipped, least, most);
    }

    [Fact]
    public void AWholeFactorTakesTheTriangleMean()
    {
        // Half the width of 0 100 200 …: each pixel weighs 1/8, 3/8, 3/8, 1/8, at the edges 3/7, 3/7, 1/7.
        var image = new Image(6, 1, 1, [0, 100, 200, 250, 50, 0]);
        Assert.Equal([71, 188, 57], image.Resize(3, 1).Pixels.ToArray());
        Assert.Equal(Transposed([71, 188, 57]), new Image(1, 6, 1, [0, 100, 200, 250, 50, 0]).Resize(1, 3));
        Assert.Equal([10, 10, 10, 10, 10, 10, 10, 10], new Image(2, 1, 1, [10, 10]).Resize(4, 2).Pixels.ToArray());
        Assert.Equal(image, image.Resize(6, 1));

        static Image Transposed(byte[] pixels) => new(1, 3, 1, pixels);
    }

    [Fact]
    public void TheShorterSideKeepsTheProportions()
    {
        Assert.Equal((10, 5), Size(ImageTransforms.None.ShorterSide(5)));
        Assert.Equal((3, 9), Size(ImageTransforms.None.Resize(9, 3)));
        Assert.Equal((3, 7), (new Image(3, 8, 1, new byte[24]).Resize(3, 7).Width, ImageTransforms.None.ShorterSide(3).Apply(new Image(4, 10, 1, new byte[40])).Height));

        static (int, int) Size(ImageTransforms transforms) => transforms.Apply(Numbers) is var image ? (image.Width, image.Height) : default;
    }

    [Fact]
    public void ChannelsBecomeEqual()
    {
        var colour = new Image(1, 1, 3, [255, 0, 10]);
        Assert.Equal([77], ImageTransforms.None.Gray().Apply(colour).Pixels.ToArray());
        Assert.Equal([77, 77, 77], ImageTransforms.None.Gray().Rgb().Apply(colour).Pixels.ToArray());
        Assert.Equal(colour, ImageTransforms.None.Rgb().Apply(colour));
    }

    [Fact]
    public void EveryMistakeIsFound() => Assert.Equal(
        [
            "DIF0455: size is 0; choose 1 or more", "DIF0455: height is -1; choose 1 or more", "DIF0455: the probability of a flip is 2; choose 0 (never) to 1 (always)",
            "DIF0455: channels is 2; choose 1 (gray) or 3 (RGB)", "DIF0455: the deviation of the pixels is 0; choose a finite number above 0, ½ is usual",
        ],
        ImageTransforms.None.CenterCrop(0).Resize(-1, 3).Flip(2).With(new ChannelsTransform(2)).Normalize(0, 0).Check().Select(finding => finding.ToString()));

    [Fact]
    public void TheTextSaysAll()
    {
        var transforms = ImageTransforms.None.ShorterSide(32).CenterCrop(32).RandomCrop(28).Resize(8, 9).Flip().Gray();
        Assert.Equal("ShorterSide(32).CenterCrop(32).RandomCrop(28).Resize(8, 9).Flip(0.5).Gray.Normalize(0.5, 0.5)", transforms.ToString());
        Assert.Equal(transforms, ImageTransforms.None.ShorterSide(32).CenterCrop(32).RandomCrop(28).Resize(8, 9).Flip().Gray());
    }
}
