using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Data;

/// <summary>
/// A batch as a worker made it: numbers, no tensors, so that nothing native is left behind when the reader stops, and the tensors belong to the
/// reader's dispose scope.
/// </summary>
internal sealed record LoadedBatch(IReadOnlyList<ImageSample> Samples, float[] Values, IReadOnlyList<Finding> Broken)
{
    public static LoadedBatch Read(IImageData data, ImageTransforms transforms, BrokenImages broken, long seed, int epoch, IEnumerable<int> indices)
    {
        var samples = new List<ImageSample>();
        var findings = new List<Finding>();
        foreach (var index in indices)
        {
            try
            {
                var sample = data.Read(index);
                samples.Add(sample.WithImage(transforms.Apply(sample.Image, seed, epoch, index)));
            }
            catch (DiffusionException exception) when (!broken.AreFatal && exception.Id is "DIF0561" or "DIF0562")
            {
                findings.AddRange(exception.Findings);
            }
        }

        return new LoadedBatch(samples, Numbers(samples, transforms), findings);
    }

    /// <summary>The batch as tensors of the calling thread.</summary>
    public ImageBatch ToBatch()
    {
        var image = Samples[0].Image;
        var labels = Samples.All(sample => sample.Label is not null) ? tensor(Samples.Select(sample => (long)sample.Label!.Value).ToArray()) : null;
        return new ImageBatch(
            tensor(Values, [Samples.Count, image.Channels, image.Height, image.Width], ScalarType.Float32),
            labels,
            Samples.Select(sample => sample.Caption ?? "").ToEquatableArray(),
            Samples.Select(sample => sample.Source).ToEquatableArray());
    }

    private static float[] Numbers(List<ImageSample> samples, ImageTransforms transforms)
    {
        if (samples.Count == 0)
            return [];

        var first = samples[0].Image;
        var odd = samples.FindIndex(sample => (sample.Image.Width, sample.Image.Height, sample.Image.Channels) != (first.Width, first.Height, first.Channels));
        if (odd >= 0)
            throw Rules.ImageSizesDiffer.Error(samples[odd].Source, samples[odd].Image, first);

        var (scale, shift) = ((float)(1 / transforms.Deviation), (float)(-transforms.Mean / transforms.Deviation));
        var plane = first.Width * first.Height;
        var values = new float[samples.Count * plane * first.Channels];
        for (var n = 0; n < samples.Count; n++)
        {
            var pixels = samples[n].Image.Pixels.Span;
            var target = values.AsSpan(n * pixels.Length, pixels.Length);
            for (var i = 0; i < pixels.Length; i++)
                target[(i % first.Channels * plane) + (i / first.Channels)] = (scale * (pixels[i] / 255f)) + shift;
        }

        return values;
    }
}
