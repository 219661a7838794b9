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

    // What the network reads is given, and what is given it reads.
    private GenerationRequest Fitting(GenerationRequest request)
    {
        CheckChannels(request);
        return request with { Scales = OwnScales(request.Prompts) };
    }

    private void CheckAlive(string verb)
    {
        if (_disposed)
        {
            throw Rules.RunDisposed.Error(Compiled.Definition, verb);
        }
    }

    private void Check(int count, int batch, string verb)
    {
        CheckAlive(verb);
        if (count < 1 || batch < 1)
        {
            throw Rules.CountOutOfRange.Error(count < 1 ? "count" : "batch", count < 1 ? count : batch);
        }
    }

    private void CheckText(int count, int batch, string verb)
    {
        Check(count, batch, verb);
        if (_models.Text is null)
        {
            throw Rules.PromptMismatch.Error("a prompt", "no text encoder", "leave the prompt out, or add .Text(clip)");
        }
    }

    private void CheckStart()
    {
        if (Compiled.Spec.Start > 0)
        {
            throw Rules.StartNeedsPictures.Error(Compiled.Spec.Start);
        }
    }

    // Of the pipeline's size; that all have the size of the first is checked where they become a batch.
    private void CheckPictures(Image[] images)
    {
        var x = Shape(images.Length);
        long[] needed = _models.VaeConfig is { } vae ? [x[0], vae.InChannels, x[2] * Coder.Factor, x[3] * Coder.Factor] : x;
        long[] given = [images.Length, images[0].Channels, images[0].Height, images[0].Width];
        if (!given.SequenceEqual(needed))
        {
            throw Rules.InputShape.Error("the batch of pictures", "[" + string.Join(", ", given) + "]", "the network", "[" + string.Join(", ", needed) + "]", "resize the pictures or convert their channels");
        }
    }

    // Seeds that follow each other: that of each picture is its own whatever is made beside it.
    private static long[] Seeds(long first, int count) => count >= 1 ? [.. Enumerable.Range(0, count).Select(i => first + i)] : throw Rules.CountOutOfRange.Error("count", count);

    private static Prompt[] Repeated(string prompt, int count) => Repeated(Prompt.Of(prompt), count);

    private static T[] Repeated<T>(T one, int count)
        where T : class => [.. Enumerable.Repeat(one, Math.Max(count, 0))];

    private static int[]? Repeated(int? label, int count) => label is { } one ? [.. Enumerable.Repeat(one, count)] : null;

    // Labels and the network's classes have to fit before the first step.
    private Conditions Conditions(int[]? labels)
    {
        if (_models.Text is not null)
        {
            throw Rules.PromptMismatch.Error("no prompt", "a text encoder", "give a prompt; \"\" is one that says nothing");
        }

        var (classes, nullClass) = (Compiled.Resolved.Facts.Unet?.Classes, Compiled.Resolved.Facts.Unet?.NullClass);
        var last = Math.Max(classes - 1 ?? 0, nullClass ?? 0);
        switch (classes, labels)
        {
            case (null, null):
                return Sampling.Conditions.None;
            case (null, _):
                throw Rules.ClassLabels.Error("given", "has no classes", "leave them out");
            case (_, null):
                throw Rules.ClassLabels.Error("missing", "is conditioned on classes", FormattableString.Invariant($"give label: 0 to {last}, or one for each picture"));
        }

        return labels.Cast<int?>().FirstOrDefault(label => (label < 0 || label >= classes) && label != nullClass) is { } wrong
            ? throw Rules.IndexOutOfTable.Error("label", wrong, FormattableString.Invariant($"{classes} classes") + (nullClass is null ? "" : FormattableString.Invariant($" and the null class {nullClass}")), last)
            : new Conditions(labels.ToEquatableArray(), nullClass);
    }
}
