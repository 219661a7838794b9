using System;
using System.Linq;
using System.Security.Cryptography;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data.Digits;
using static TorchSharp.torch;

namespace Diffusion.Tests.Data;

public sealed class ProceduralDigitsTests
{
    private static readonly ProceduralDigits Digits = new(0);

    [Fact]
    public void ASampleDependsOnSeedAndIndexAlone()
    {
        var once = new ProceduralDigits(5).Sample(1_000_000_007);
        Digits.Sample(3);
        Assert.Equal(once, new ProceduralDigits(5).Sample(1_000_000_007));
        Assert.NotEqual(once, new ProceduralDigits(6).Sample(1_000_000_007));
        Assert.NotEqual(once.Image, new ProceduralDigits(5).Sample(1_000_000_008).Image);
    }

    // The same bits on every machine: the checkpoint in models/digits was trained on them.
    [Fact]
    public void TheFirstThousandSamplesAreTheOnesTheModelWasTrainedOn()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < 1000; i++)
        {
            var sample = Digits.Sample(i);
            hash.AppendData([(byte)sample.Label]);
            hash.AppendData(sample.Image.Pixels.Span);
        }

        Assert.Equal("1716d121a9378aad59667f1e55c56366afea4aa795401cec34e2609ec180f15d", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void EveryDigitIsEquallyLikely()
    {
        var counts = Enumerable.Range(0, 2000).Select(i => Digits.Sample(i).Label).CountBy(label => label).OrderBy(count => count.Key).ToArray();
        Assert.Equal(Enumerable.Range(0, 10), counts.Select(count => count.Key));
        Assert.All(counts, count => Assert.InRange(count.Value, 140, 260)); // 200 ± 4.5 standard deviations
    }

    [Fact]
    public void ADigitIsAWhiteStrokeOnBlackThatSeldomTouchesTheFrame()
    {
        var touching = 0;
        for (var i = 0; i < 500; i++)
        {
            var image = Digits.Sample(i).Image;
            Assert.Equal((28, 28, 1), (image.Width, image.Height, image.Channels));
            var pixels = image.Pixels.ToArray();
            Assert.True(pixels.Count(pixel => pixel == 255) >= 5, $"sample {i} has hardly any ink");
            Assert.InRange(pixels.Count(pixel => pixel == 0), 400, 740);
            if (Enumerable.Range(0, 28).Any(edge => image[edge, 0] + image[0, edge] + image[edge, 27] + image[27, edge] > 0))
                touching++;
        }

        Assert.InRange(touching, 0, 75);
    }

    [Fact]
    public void ABatchIsItsSamplesAsTensors()
    {
        using var batch = Digits.Batch(3, start: 40);
        Assert.Equal([3, 1, 28, 28], batch.Images.shape);
        Assert.Equal(ScalarType.Float32, batch.Images.dtype);
        Assert.Equal(Enumerable.Range(40, 3).Select(i => (long)Digits.Sample(i).Label), batch.Labels.data<long>().ToArray());
        Assert.Equal(Enumerable.Range(40, 3).Select(i => Digits.Sample(i).Image), Image.FromBatch(batch.Images));
    }

    [Fact]
    public void WithoutVarietyOnlyTheWaysOfWritingDiffer()
    {
        var images = Enumerable.Range(0, 300).Select(i => new ProceduralDigits(0, Variety: 0).Sample(i)).ToArray();
        Assert.Equal(13, images.Distinct().Count()); // 1, 4 and 7 are written in two ways
        Assert.True(Enumerable.Range(0, 300).Select(i => new ProceduralDigits(0, Variety: 0.5).Sample(i).Image).Distinct().Count() > 290);
    }

    [Fact]
    public void SamplesThatDoNotExistAreRefused()
    {
        Assert.Equal("DIF0456", Assert.Throws<DiffusionException>(() => Digits.Sample(-1)).Id);
        Assert.Equal("DIF0456", Assert.Throws<DiffusionException>(() => Digits.Batch(0, 0)).Id);
        Assert.Equal("DIF0456", Assert.Throws<DiffusionException>(() => Digits.Batch(2, -1)).Id);
        Assert.Equal("DIF0458", Assert.Throws<DiffusionException>(() => new ProceduralDigits(0, 1.5).Sample(0)).Id);
        Assert.Equal("DIF0458", Assert.Throws<DiffusionException>(() => new ProceduralDigits(0, double.NaN).Sample(0)).Id);
    }
}
