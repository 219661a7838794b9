using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>
/// What is done to every picture before it is learnt from, in order, and how its pixels become numbers:
/// <c>ImageTransforms.None.ShorterSide(32).CenterCrop(32).Flip()</c>. A definition: equal texts do the same.
/// </summary>
/// <remarks>What is random about sample i of epoch e comes from a generator seeded by (seed, e, i): not from the order of reading.</remarks>
/// <param name="Steps">The transforms, in order.</param>
/// <param name="Mean">Taken from each pixel, whose range is [0, 1]; ½ with a deviation of ½ gives [-1, 1].</param>
/// <param name="Deviation">What the difference is divided by, above 0.</param>
public sealed record ImageTransforms(EquatableArray<ImageTransform> Steps, double Mean = 0.5, double Deviation = 0.5)
{
    /// <summary>Pixels as they are, range [-1, 1].</summary>
    public static ImageTransforms None { get; } = new([]);

    /// <summary>One transform more.</summary>
    /// <param name="step">Done behind the others.</param>
    public ImageTransforms With(ImageTransform step) => this with { Steps = Steps.Append(step).ToEquatableArray() };

    /// <summary>These transforms, and behind them others; the numbers of a pixel are those of the others. <see cref="None"/> adds nothing and changes nothing.</summary>
    /// <param name="others">Done behind these.</param>
    public ImageTransforms Then(ImageTransforms others) => others == None ? this : others with { Steps = Steps.Concat(others.Steps).ToEquatableArray() };

    /// <summary>Other transforms, the numbers of a pixel as they are.</summary>
    /// <param name="steps">The transforms, in order.</param>
    public ImageTransforms WithSteps(params ImageTransform[] steps) => this with { Steps = steps.ToEquatableArray() };

    /// <summary>The same with another mean.</summary>
    /// <param name="mean">Taken from each pixel in [0, 1].</param>
    public ImageTransforms WithMean(double mean) => this with { Mean = mean };

    /// <summary>The same with another deviation.</summary>
    /// <param name="deviation">Above 0.</param>
    public ImageTransforms WithDeviation(double deviation) => this with { Deviation = deviation };

    /// <summary>Pixels in [0, 1] become (pixel − mean)/deviation; torchvision's <c>Normalize</c>.</summary>
    /// <param name="mean">½ gives numbers around 0; 0 with a deviation of 1 leaves [0, 1].</param>
    /// <param name="deviation">Above 0.</param>
    public ImageTransforms Normalize(double mean, double deviation) => this with { Mean = mean, Deviation = deviation };

    /// <inheritdoc cref="ResizeTransform"/>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Pixels in a row, at least 1.</param>
    public ImageTransforms Resize(int height, int width) => With(new ResizeTransform(height, width));

    /// <inheritdoc cref="ShorterSideTransform"/>
    /// <param name="size">Pixels of the shorter side, at least 1.</param>
    public ImageTransforms ShorterSide(int size) => With(new ShorterSideTransform(size));

    /// <summary>A square from the middle of each picture; torchvision's <c>CenterCrop</c>.</summary>
    /// <param name="size">Pixels of each side, at least 1 and at most the picture's.</param>
    public ImageTransforms CenterCrop(int size) => With(new CropTransform(size));

    /// <summary>A square from anywhere in each picture; torchvision's <c>RandomCrop</c>.</summary>
    /// <param name="size">Pixels of each side, at least 1 and at most the picture's.</param>
    public ImageTransforms RandomCrop(int size) => With(new CropTransform(size, Random: true));

    /// <inheritdoc cref="FlipTransform"/>
    /// <param name="probability">How many pictures, in [0, 1].</param>
    public ImageTransforms Flip(double probability = 0.5) => With(new FlipTransform(probability));

    /// <summary>Every picture in gray.</summary>
    public ImageTransforms Gray() => With(new ChannelsTransform(1));

    /// <summary>Every picture with red, green and blue.</summary>
    public ImageTransforms Rgb() => With(new ChannelsTransform(3));

    /// <summary>What is wrong with the numbers; empty if nothing is.</summary>
    public IReadOnlyList<Finding> Check()
    {
        var findings = Steps.SelectMany(step => step.Check()).ToList();
        if (!double.IsFinite(Mean))
            findings.Add(Rules.ImageLayout.Found("the mean of the pixels", Mean, "a finite number, ½ is usual"));
        if (!(Deviation > 0 && double.IsFinite(Deviation)))
            findings.Add(Rules.ImageLayout.Found("the deviation of the pixels", Deviation, "a finite number above 0, ½ is usual"));

        return findings;
    }

    /// <summary>One picture transformed.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="seed">Seed of all that is random.</param>
    /// <param name="epoch">How many times the data set was seen before.</param>
    /// <param name="index">The number of the picture.</param>
    /// <exception cref="DiffusionException">DIF0525: a crop is larger than the picture.</exception>
    public Image Apply(Image image, long seed = 0, int epoch = 0, int index = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        var random = new SampleRandom(seed, ((long)epoch << 32) + index);
        return Steps.Aggregate(image, (current, step) => step.Apply(current, random));
    }

    /// <summary>The canonical text: <c>ShorterSide(32).CenterCrop(32).Flip(0.5).Normalize(0.5, 0.5)</c>.</summary>
    public override string ToString() => string.Join(".", Steps.Select(step => step.ToString()).Append(FormattableString.Invariant($"Normalize({Mean}, {Deviation})")));
}
