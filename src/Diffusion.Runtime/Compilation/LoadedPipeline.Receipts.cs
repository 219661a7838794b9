using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <content>Pictures by their receipts.</content>
public sealed partial class LoadedPipeline
{
    /// <summary>Generates the pictures of a receipt again: with the same versions on the same machine their files have the same bytes.</summary>
    /// <param name="receipt">The receipt; of this very pipeline and these weights.</param>
    /// <returns>The pictures, with a warning where the receipt was written by another version, device or precision (DIF0469).</returns>
    /// <exception cref="DiffusionException">DIF0465: it names pictures to start from. DIF0467: other weights are loaded. DIF0468: another pipeline is loaded.</exception>
    public GeneratedImages Reproduce(Receipt receipt) => Reproduce(receipt, []);

    /// <summary>Generates the pictures of a receipt again, those that were made from other pictures as well.</summary>
    /// <param name="receipt">The receipt; of this very pipeline and these weights.</param>
    /// <param name="pictures">The pictures that it names, in any order.</param>
    /// <param name="mask">The mask that it names; null: none.</param>
    /// <returns>The pictures, with a warning where the receipt was written by another version, device or precision (DIF0469).</returns>
    /// <exception cref="DiffusionException">DIF0465: a picture that it names is missing. DIF0466: it names another. DIF0467: other weights are loaded. DIF0468: another pipeline is loaded.</exception>
    public GeneratedImages Reproduce(Receipt receipt, IEnumerable<Image> pictures, Image? mask = null)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        Check(receipt.Pictures.Count, 1, "reproduce pictures");
        CheckReceipt(receipt);
        var given = pictures.Concat(mask is null ? [] : [mask]).DistinctBy(picture => picture.Hash()).ToDictionary(picture => picture.Hash());
        foreach (var picture in receipt.Pictures)
        {
            CheckGiven(picture, picture.From, "a picture", given);
            CheckGiven(picture, picture.Mask, "a mask", given);
        }

        var made = Runs(receipt.Pictures).Select(run => Again(run, given)).ToArray();
        var warnings = made.SelectMany(images => images.Warnings).ToList();
        if (receipt.Machine != _receipts.Machine)
        {
            warnings.Insert(0, Rules.ReceiptOtherMachine.Found(receipt.Machine, _receipts.Machine));
        }

        return new GeneratedImages(made.SelectMany(images => images), receipt.Seeds) { Warnings = warnings };
    }

    private void CheckReceipt(Receipt receipt)
    {
        if (receipt.Pipeline != Compiled.Definition || receipt.Spec != Compiled.Spec)
        {
            throw receipt.Pipeline != Compiled.Definition
                ? Rules.ReceiptOtherPipeline.Error(receipt.Pipeline, Compiled.Definition)
                : Rules.ReceiptOtherPipeline.Error(receipt.Spec.Key, Compiled.Spec.Key);
        }

        foreach (var named in receipt.Weights)
        {
            // What was not hashed, then or now, cannot be compared.
            var own = _receipts.Weights.FirstOrDefault(file => file.File == named.File);
            if (own is null || (named.Sha256 is not null && own.Sha256 is not null && own.Sha256 != named.Sha256))
            {
                throw Rules.ReceiptOtherWeights.Error(named.File, named.Sha256 ?? "that was not known", own is null ? "no such file" : "one with " + own.Sha256);
            }
        }
    }

    private static void CheckGiven(ReceiptPicture picture, PixelHash? named, string what, Dictionary<PixelHash, Image> given)
    {
        if (named is not null && !given.ContainsKey(named))
        {
            throw given.Count == 0
                ? Rules.ReceiptNeedsPicture.Error(picture.Seed, what + " of " + named)
                : Rules.ReceiptOtherPicture.Error(picture.Seed, what + " of " + named, string.Join(", ", given.Keys));
        }
    }

    // Pictures that one call can make.
    private static IEnumerable<ReceiptPicture[]> Runs(IEnumerable<ReceiptPicture> pictures)
    {
        var run = new List<ReceiptPicture>();
        foreach (var picture in pictures)
        {
            if (run.Count > 0 && !IsAlike(run[0], picture))
            {
                yield return run.ToArray();
                run.Clear();
            }

            run.Add(picture);
        }

        yield return run.ToArray();
    }

    private static bool IsAlike(ReceiptPicture one, ReceiptPicture other) =>
        (one.Prompt is null, one.Label is null, one.From is null) == (other.Prompt is null, other.Label is null, other.From is null)
        && one.Mask == other.Mask && (one.Mask is null || one.From == other.From);

    private GeneratedImages Again(ReceiptPicture[] run, Dictionary<PixelHash, Image> given)
    {
        var seeds = run.Select(picture => picture.Seed).ToArray();
        var prompts = run[0].Prompt is null ? null : Prompts(run.Select(picture => picture.Prompt!), 1);
        if (run[0] is { Mask: { } mask, From: { } original })
        {
            return Inpainted(given[original], given[mask], prompts!, seeds, PromptBatch, null, default);
        }

        var request = new GenerationRequest(seeds, prompts is null ? LabelBatch : PromptBatch) { Prompts = prompts };
        request = prompts is null ? request with { Labels = Conditions(run[0].Label is null ? null : [.. run.Select(picture => picture.Label!.Value)]) } : request;
        if (run[0].From is null)
        {
            CheckStart();
            return Sampled(request, null, default);
        }

        Image[] from = [.. run.Select(picture => given[picture.From!])];
        using var pictures = Pictures(from);
        return Sampled(request with { Pictures = pictures, From = [.. from.Select(image => image.Hash())] }, null, default);
    }

    // Receipts hold a text, a seed, a label, a picture and a mask: of pictures that more went into they say nothing, rather than half.
    private static bool IsTold(GenerationRequest request, int index) =>
        request is { Depth: null, Small: null, Noise: null } && request.Prompts?[index] is null or { Negative: null, Scale: null, Parts: [{ Weight: 1, Replacements.IsEmpty: true }] };

    private Image WithOrigin(Image image, GenerationRequest request, int index) => _noiseSource is not null || !IsTold(request, index) ? image : image.WithOrigin(new ImageOrigin(
        _receipts.Write,
        EquatableArray.Of(new ReceiptPicture(request.Seeds[index])
        {
            Prompt = request.Prompts?[index].Text,
            Label = request.Labels.Labels.IsEmpty ? null : request.Labels.Labels[index],
            From = request.From?[index],
            Mask = request.MaskHash,
        }),
        image.Width,
        image.Height));
}
