using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <content>Whether a call fits the pipeline.</content>
public sealed partial class LoadedPipeline
{
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
