using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using static TorchSharp.torch;

namespace Diffusion.Tests.Data;

public sealed class ImageLoaderTests : IDisposable
{
    private readonly DataFolder folder = new();

    private static ImageLoader Digits => new(new DigitData(new ProceduralDigits(0), 23), 4) { Seed = 3 };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AnEpochHasEveryPictureOnce()
    {
        using var scope = NewDisposeScope();
        var batches = Digits.Epoch().ToArray();
        Assert.Equal([4, 4, 4, 4, 4, 3], batches.Select(batch => batch.Count));
        Assert.Equal(6, Digits.BatchesPerEpoch);
        var sources = batches.SelectMany(batch => batch.Sources).ToArray();
        Assert.Equal(Enumerable.Range(0, 23).Select(i => $"procedural digits of seed 0, variety 1 #{i}").Order(StringComparer.Ordinal), sources.Order(StringComparer.Ordinal));
        Assert.NotEqual(sources, sources.OrderBy(source => int.Parse(source.Split('#')[1])));
        Assert.Equal([4L, 1, 28, 28], batches[0].Images.shape);
        Assert.Equal([4, 4, 4, 4, 4], Digits.WithDropLast(true).Epoch().Select(batch => batch.Count));
        Assert.Equal(23, Digits.WithBatchSize(100).Epoch().Single().Count);
    }

    [Fact]
    public void ABatchHoldsWhatItsSourcesHold()
    {
        using var scope = NewDisposeScope();
        var batch = Digits.WithShuffle(false).Epoch().First();
        var expected = new ProceduralDigits(0).Batch(4, 0);
        Assert.Equal(expected.Images.data<float>().ToArray(), batch.Images.data<float>().ToArray());
        Assert.Equal(expected.Labels.data<long>().ToArray(), batch.Labels!.data<long>().ToArray());
        var plain = Digits.WithShuffle(false).WithTransforms(ImageTransforms.None.Normalize(0, 1)).Epoch().First();
        Assert.Equal(0, ((plain.Images * 2) - 1 - expected.Images).abs().max().item<float>(), tolerance: 1e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void TheNumberOfWorkersChangesNothing(int workers)
    {
        using var scope = NewDisposeScope();
        var loader = Digits.WithTransforms(ImageTransforms.None.RandomCrop(24).Flip());
        Assert.Equal(Values(loader.WithWorkers(3).Batches().Take(15)), Values(loader.WithWorkers(workers).Batches().Take(15)));
    }

    [Fact]
    public void AReaderThatResumesSeesTheSameBatches()
    {
        using var scope = NewDisposeScope();
        var loader = Digits.WithTransforms(ImageTransforms.None.RandomCrop(24));
        Assert.Equal(Values(loader.Batches().Skip(8).Take(7)), Values(loader.Batches(start: 8).Take(7)));
        Assert.Equal(Values(loader.Epoch(1)), Values(loader.Batches(start: loader.BatchesPerEpoch).Take(loader.BatchesPerEpoch)));
        Assert.NotEqual(Values(loader.Epoch(0)), Values(loader.Epoch(1)));
        Assert.NotEqual(Values(loader.Epoch(0)), Values(loader.WithSeed(4).Epoch(0)));
    }

    [Fact]
    public void BrokenPicturesAreFatalOrLeftOutOrNamed()
    {
        using var scope = NewDisposeScope();
        foreach (var name in new[] { "a", "b", "d" })
            folder.WritePicture(name + ".png", 3, 3, 9);
        var broken = folder.Write("c.png", "no picture"u8.ToArray());
        var loader = new ImageLoader(ImageFolder.Open(folder.Path), 3).WithShuffle(false);
        Assert.Equal($"DIF0562: the file '{broken}' cannot be decoded as an image (no known image format); give a complete PNG, JPEG, WebP, GIF or BMP file", Assert.Throws<DiffusionException>(() => loader.Epoch().Count()).Message);
        Assert.Equal([2, 1], loader.WithBroken(BrokenImages.Skip).Epoch().Select(batch => batch.Count));
        var named = new List<string>();
        Assert.Equal(3, loader.WithBroken(BrokenImages.Name(finding => named.Add(finding.Arguments[0]))).Epoch().Sum(batch => batch.Count));
        Assert.Equal([broken], named);
    }

    [Fact]
    public void PicturesOfOtherSizesAreNamed()
    {
        folder.WritePicture("a.png", 3, 3, 9);
        var odd = folder.WritePicture("b.png", 4, 3, 9);
        var loader = new ImageLoader(ImageFolder.Open(folder.Path), 2).WithShuffle(false).WithBroken(BrokenImages.Skip);
        Assert.StartsWith($"DIF0453: image {odd} is 4 x 3 gray, but image 0 is 3 x 3 gray", Assert.Throws<DiffusionException>(() => loader.Epoch().Count()).Message, StringComparison.Ordinal);
        using var scope = NewDisposeScope();
        Assert.Equal([2L, 3, 2, 2], loader.WithTransforms(ImageTransforms.None.Resize(2, 2).Rgb()).Epoch().Single().Images.shape);
    }

    [Fact]
    public void CaptionsTravelWithTheirPictures()
    {
        using var scope = NewDisposeScope();
        folder.WritePicture("a.png", 1, 1, 9);
        folder.WritePicture("b.png", 1, 1, 99);
        folder.Write("metadata.jsonl", "{\"file_name\": \"b.png\", \"text\": \"light\"}\n{\"file_name\": \"a.png\"}"u8.ToArray());
        var batch = new ImageLoader(ImageFolder.Open(folder.Path), 2).WithShuffle(false).Epoch().Single();
        Assert.Equal(["light", ""], batch.Captions);
        Assert.Null(batch.Labels);
        Assert.True(batch.Images[0].item<float>() > batch.Images[1].item<float>());
    }

    [Fact]
    public void WhatCannotBeIsRefusedBeforeAnythingIsRead()
    {
        string Id(ImageLoader loader) => Assert.Throws<DiffusionException>(() => loader.Epoch()).Id;
        Assert.Equal("DIF0105", Id(Digits.WithBatchSize(0)));
        Assert.Equal("DIF0105", Id(Digits.WithWorkers(0)));
        Assert.Equal("DIF0455", Id(Digits.WithTransforms(ImageTransforms.None.CenterCrop(-2))));
        Assert.Equal("DIF0523", Id(Digits.WithData(new DigitData(new ProceduralDigits(0), 0))));
        Assert.Equal("DIF0523", Assert.Throws<DiffusionException>(() => Digits.WithBatchSize(24).WithDropLast(true).Batches()).Id);
    }

    [Fact]
    public void CancellingStopsAndLeavesNoTensors()
    {
        using var stop = new CancellationTokenSource();
        using var scope = NewDisposeScope();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var batch in Digits.Batches(cancellation: stop.Token))
            {
                batch.Dispose();
                stop.Cancel();
            }
        });
        foreach (var batch in Digits.Batches())
        {
            batch.Dispose();
            break;
        }

        Assert.Equal(0, scope.DisposablesCount);
    }

    // Each of two pictures waits until the other is being read: this ends only where two batches are made at a time.
    [Fact]
    public void SeveralBatchesAreMadeAtATimeAheadOfTheReader()
    {
        using var scope = NewDisposeScope();
        using var both = new Barrier(2);
        var loader = new ImageLoader(new Waiting(both), 1).WithWorkers(2);
        Assert.Equal(2, loader.Epoch().Count());
    }

    private static float[] Values(IEnumerable<ImageBatch> batches) => [.. batches.SelectMany(batch => batch.Images.data<float>().ToArray())];

    private sealed record Waiting(Barrier Both) : IImageData
    {
        public string Name => "waiting";

        public int Count => 2;

        public IReadOnlyList<string> Classes => [];

        public ImageSample Read(int index)
        {
            Assert.True(Both.SignalAndWait(TimeSpan.FromSeconds(60)));
            return new ImageSample(new Image(1, 1, 1, [0]), Name);
        }
    }
}
