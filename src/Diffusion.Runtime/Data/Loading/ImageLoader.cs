using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>
/// Batches of a data set, read and transformed ahead by several workers while the reader computes. What comes in which batch depends on the seed and the
/// number of the batch alone: not on the number of workers, and not on where the reading began, so that a training can resume.
/// </summary>
/// <param name="Data">The pictures.</param>
/// <param name="BatchSize">N of a batch, at least 1; the last one of an epoch has the rest.</param>
public sealed record ImageLoader(IImageData Data, int BatchSize)
{
    /// <summary>What is done to every picture, behind the transforms that the data bring.</summary>
    public ImageTransforms Transforms { get; init; } = ImageTransforms.None;

    /// <summary>Whether every epoch has an order of its own; else that of the data.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether batches that are smaller than the others are left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>Seed of the orders and of the transforms.</summary>
    public long Seed { get; init; }

    /// <summary>How many batches are made at a time, ahead of the reader, at least 1.</summary>
    public int Workers { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>What becomes of pictures that cannot be read.</summary>
    public BrokenImages Broken { get; init; } = BrokenImages.Fail;

    /// <summary>Batches in an epoch.</summary>
    public int BatchesPerEpoch => DropLast ? Data.Count / BatchSize : (int)(((long)Data.Count + BatchSize - 1) / BatchSize);

    private TransformedData Source => Data.Transformed(Transforms);

    /// <summary>The same with other transforms.</summary>
    /// <param name="transforms">What is done to every picture.</param>
    public ImageLoader WithTransforms(ImageTransforms transforms) => this with { Transforms = transforms };

    /// <summary>The same with another batch size.</summary>
    /// <param name="batchSize">N, at least 1.</param>
    public ImageLoader WithBatchSize(int batchSize) => this with { BatchSize = batchSize };

    /// <summary>The same of other data.</summary>
    /// <param name="data">The pictures.</param>
    public ImageLoader WithData(IImageData data) => this with { Data = data };

    /// <summary>The same in another order each epoch, or in that of the data.</summary>
    /// <param name="shuffle">Whether every epoch has an order of its own.</param>
    public ImageLoader WithShuffle(bool shuffle) => this with { Shuffle = shuffle };

    /// <summary>The same with or without smaller batches.</summary>
    /// <param name="dropLast">Whether smaller batches are left out.</param>
    public ImageLoader WithDropLast(bool dropLast) => this with { DropLast = dropLast };

    /// <summary>The same with another seed.</summary>
    /// <param name="seed">Of the orders and of the transforms.</param>
    public ImageLoader WithSeed(long seed) => this with { Seed = seed };

    /// <summary>The same with another number of workers; the batches stay the same.</summary>
    /// <param name="workers">At least 1.</param>
    public ImageLoader WithWorkers(int workers) => this with { Workers = workers };

    /// <summary>The same with another way to treat pictures that cannot be read.</summary>
    /// <param name="broken">Fatal, left out, or named.</param>
    public ImageLoader WithBroken(BrokenImages broken) => this with { Broken = broken };

    /// <summary>All batches of one pass through the data.</summary>
    /// <param name="epoch">How many passes came before.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>Batches that belong to the caller.</returns>
    /// <exception cref="DiffusionException">DIF0105, DIF0455: a number is out of range. DIF0453: sizes differ. DIF0523: no pictures. DIF0525: a crop is too large. DIF0561, DIF0562: a broken picture, where they are fatal.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public IEnumerable<ImageBatch> Epoch(int epoch = 0, CancellationToken cancellation = default)
    {
        Check();
        var first = (long)epoch * BatchesPerEpoch;
        return Prefetch(first, first + BatchesPerEpoch, cancellation).OfType<ImageBatch>();
    }

    /// <summary>Batches without end, epoch after epoch.</summary>
    /// <param name="start">How many batches came before: a training that resumes goes on there.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>Batches that belong to the caller.</returns>
    /// <exception cref="DiffusionException">As of <see cref="Epoch"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public IEnumerable<ImageBatch> Batches(long start = 0, CancellationToken cancellation = default)
    {
        return Numbered(start, cancellation).OfType<ImageBatch>();
    }

    /// <summary>As <see cref="Batches"/>, with null in place of a batch whose pictures are all broken: the i-th is always number start + i.</summary>
    internal IEnumerable<ImageBatch?> Numbered(long start, CancellationToken cancellation)
    {
        Check();
        return BatchesPerEpoch > 0
            ? Prefetch(start, long.MaxValue, cancellation)
            : throw Rules.NoData.Error(Data.Name, FormattableString.Invariant($"{Data.Count} pictures, less than a batch of {BatchSize}"));
    }

    private void Check()
    {
        if (BatchSize < 1)
            throw Rules.CountOutOfRange.Error("the batch size", BatchSize);
        if (Workers < 1)
            throw Rules.CountOutOfRange.Error("the number of workers", Workers);
        if (Data.Count == 0)
            throw Rules.NoData.Error(Data.Name, "no pictures");

        var findings = Source.Transforms.Check();
        if (findings.Count > 0)
            throw new DiffusionException(findings);
    }

    private IEnumerable<ImageBatch?> Prefetch(long first, long end, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ahead = new Queue<Task<LoadedBatch>>();
        var order = (Epoch: -1L, Indices: Array.Empty<int>());
        var source = Source;
        try
        {
            for (var (read, next) = (first, first); read < end; read++)
            {
                for (; next < end && next < read + Workers + 1; next++)
                    ahead.Enqueue(Start(next));

                cancellation.ThrowIfCancellationRequested();
                var loaded = ahead.Dequeue().GetAwaiter().GetResult();
                foreach (var finding in loaded.Broken)
                    Broken.Report?.Invoke(finding);
                yield return loaded.Samples.Count > 0 ? loaded.ToBatch() : null;
            }
        }
        finally
        {
            stop.Cancel();
        }

        Task<LoadedBatch> Start(long batch)
        {
            var epoch = batch / BatchesPerEpoch;
            if (order.Epoch != epoch)
                order = (epoch, Order((int)epoch));
            var indices = order.Indices.Skip((int)(batch % BatchesPerEpoch) * BatchSize).Take(BatchSize).ToArray();
            return Task.Run(() => LoadedBatch.Read(source.Data, source.Transforms, Broken, Seed, (int)epoch, indices.TakeWhile(_ => !stop.IsCancellationRequested)), stop.Token);
        }
    }

    // Fisher and Yates (1938), from the end.
    private int[] Order(int epoch)
    {
        var order = Enumerable.Range(0, Data.Count).ToArray();
        if (!Shuffle)
            return order;

        var random = new SampleRandom(Seed, ~(long)epoch);
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = (int)random.Uniform(0, i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
