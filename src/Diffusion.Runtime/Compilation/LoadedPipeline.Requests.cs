using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <content>What calls ask for, checked before anything is computed.</content>
public sealed partial class LoadedPipeline
{
    private GenerationRequest OfLabels(int? label, long[] seeds, int batch, string verb) => OfLabels(Repeated(label, seeds.Length), seeds, batch, verb);

    private GenerationRequest OfLabels(int[]? labels, long[] seeds, int batch, string verb)
    {
        Check(seeds.Length, batch, verb);
        CheckStart();
        return Fitting(new(seeds, batch) { Labels = Conditions(labels) });
    }

    private GenerationRequest OfPictures(Image[] images, int? label, long[] seeds, int batch, string verb) => OfPictures(images, Repeated(label, seeds.Length), seeds, batch, verb);

    private GenerationRequest OfPictures(Image[] images, int[]? labels, long[] seeds, int batch, string verb)
    {
        Check(seeds.Length, batch, verb);
        CheckPictures(images);
        return Fitting(new(seeds, batch) { Labels = Conditions(labels), Pictures = images });
    }

    private GenerationRequest OfPrompts(Prompt[] prompts, long[] seeds, int batch, string verb)
    {
        CheckText(seeds.Length, batch, verb);
        CheckStart();
        return Fitting(new(seeds, batch) { Prompts = prompts });
    }

    private GenerationRequest OfPictures(Image[] images, Prompt[] prompts, long[] seeds, int batch, string verb)
    {
        CheckText(seeds.Length, batch, verb);
        CheckPictures(images);
        return Fitting(new(seeds, batch) { Prompts = prompts, Pictures = images });
    }

    private GenerationRequest OfMask(Image image, Image mask, Prompt[] prompts, long[] seeds, int batch, string verb)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(mask);
        CheckText(seeds.Length, batch, verb);
        if (mask.Width != image.Width || mask.Height != image.Height)
        {
            throw Rules.InputShape.Error("the mask", FormattableString.Invariant($"{mask.Width} by {mask.Height}"), "the picture", FormattableString.Invariant($"{image.Width} by {image.Height}"), "resize the mask");
        }

        Image[] images = Repeated(image, seeds.Length);
        CheckPictures(images);
        return Fitting(new(seeds, batch) { Prompts = prompts, Pictures = images, Mask = mask });
    }

    private GenerationRequest OfDepths(Image[] images, DepthMap[] depths, Prompt[] prompts, long[] seeds, int batch, string verb)
    {
        CheckText(seeds.Length, batch, verb);
        CheckPictures(images);
        return Fitting(new(seeds, batch) { Prompts = prompts, Pictures = images, Depths = depths });
    }

    private GenerationRequest OfSmall(Image image, int noiseLevel, Prompt[] prompts, long[] seeds, int batch, string verb)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckText(seeds.Length, batch, verb);
        CheckStart();
        var most = Compiled.Resolved.Facts.Upscaler.MaxNoiseLevel;
        if (noiseLevel < 0 || noiseLevel > most)
        {
            throw Rules.NoiseLevelOutOfRange.Error(noiseLevel, Compiled.Definition.UnetModel?.Source, most);
        }

        if (image.Channels != SmallChannels)
        {
            throw Rules.InputShape.Error("the picture", FormattableString.Invariant($"[{image.Channels}, {image.Height}, {image.Width}]"), nameof(Upscale), "[3, H, W]", "convert its channels");
        }

        var labels = new Conditions(Enumerable.Repeat(noiseLevel, seeds.Length).ToEquatableArray());
        return Fitting(new(seeds, batch) { Prompts = prompts, Small = image, NoiseLevel = noiseLevel, Labels = labels });
    }

    // Seeds that follow each other: that of each picture is its own whatever is made beside it.
    private static long[] Seeds(long first, int count) => count >= 1 ? [.. Enumerable.Range(0, count).Select(i => first + i)] : throw Rules.CountOutOfRange.Error("count", count);

    private static Prompt[] Repeated(string prompt, int count) => Repeated(Prompt.Of(prompt), count);

    private static T[] Repeated<T>(T one, int count)
        where T : class => [.. Enumerable.Repeat(one, Math.Max(count, 0))];

    private static int[]? Repeated(int? label, int count) => label is { } one ? [.. Enumerable.Repeat(one, count)] : null;
}
