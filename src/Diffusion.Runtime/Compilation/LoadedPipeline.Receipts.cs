using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <content>Pictures by their receipts.</content>
public sealed partial class LoadedPipeline
{
    /// <summary>Generates the pictures of a receipt again: with the same versions on the same machine their files have the same bytes.</summary>
    /// <param name="receipt">The receipt; of this very pipeline and these weights.</param>
    /// <returns>The pictures, with a warning where the receipt was written by another version, device or precision (DIF0469).</returns>
    /// <exception cref="DiffusionException">DIF0465: it names pictures to start from. DIF0467: other weights are loaded. DIF0468: another pipeline is loaded.</exception>
    public GeneratedImages Reproduce(Receipt receipt) => Reproduce(receipt, GivenPictures.Of([]));

    /// <summary>Generates the pictures of a receipt again, those that were made from other pictures as well.</summary>
    /// <param name="receipt">The receipt; of this very pipeline and these weights.</param>
    /// <param name="pictures">The pictures that it names, in any order, with the depth maps among them.</param>
    /// <param name="mask">The mask that it names; null: none.</param>
    /// <returns>The pictures, with a warning where the receipt was written by another version, device or precision (DIF0469).</returns>
    /// <exception cref="DiffusionException">DIF0465: a picture that it names is missing. DIF0466: it names another. DIF0467: other weights are loaded. DIF0468: another pipeline is loaded.</exception>
    public GeneratedImages Reproduce(Receipt receipt, IEnumerable<Image> pictures, Image? mask = null) => Reproduce(receipt, GivenPictures.Of(pictures.Concat(mask is null ? [] : [mask])));

    /// <summary>Generates the pictures of a receipt again that were made from pictures and the depths of an estimator.</summary>
    /// <param name="receipt">The receipt; of this very pipeline and these weights.</param>
    /// <param name="pictures">The pictures that it names, in any order.</param>
    /// <param name="depths">The depths that it names, in any order, <c>[N, 1, H, W]</c>: the numbers that were given then.</param>
    /// <returns>The pictures, with a warning where the receipt was written by another version, device or precision (DIF0469).</returns>
    /// <exception cref="DiffusionException">As <see cref="Reproduce(Receipt, IEnumerable{Image}, Image?)"/>. DIF0410: the depths have another shape.</exception>
    public GeneratedImages Reproduce(Receipt receipt, IEnumerable<Image> pictures, Tensor depths)
    {
        ArgumentNullException.ThrowIfNull(depths);
        return depths.dim() == 4 && depths.shape[1] == 1
            ? Reproduce(receipt, GivenPictures.Of(pictures, DepthMap.Of(depths)))
            : throw Rules.InputShape.Error("the tensor of depths", "[" + string.Join(", ", depths.shape) + "]", nameof(Reproduce), "[N, 1, H, W]", "give the maps in one channel");
    }

    private GeneratedImages Reproduce(Receipt receipt, GivenPictures given)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        Check(receipt.Pictures.Count, 1, "reproduce pictures");
        CheckReceipt(receipt);
        foreach (var picture in receipt.Pictures)
        {
            given.Check(picture, picture.From, "a picture");
            given.Check(picture, picture.Mask, "a mask");
            given.Check(picture, picture.Depth, "a depth map");
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
        && (one.Mask, one.NoiseLevel, one.Depth?.Width, one.Depth?.Height, one.Towards) == (other.Mask, other.NoiseLevel, other.Depth?.Width, other.Depth?.Height, other.Towards)
        && ((one.Mask is null && one.NoiseLevel is null) || one.From == other.From)
        && (one.Towards is null || one.Seed == other.Seed);

    private GeneratedImages Again(ReceiptPicture[] run, GivenPictures given)
    {
        const string verb = "reproduce pictures";
        var first = run[0];
        long[] seeds = [.. run.Select(picture => picture.Seed)];
        var from = first.From is null ? null : run.Select(picture => given.Picture(picture.From!)).ToArray();
        var prompts = first.Prompt is null ? null : run.Select(Shown).ToArray();
        var labels = first.Label is null ? null : run.Select(picture => picture.Label!.Value).ToArray();
        var request = (from, prompts) switch
        {
            ({ }, { }) when first.Mask is { } mask => OfMask(from[0], given.Picture(mask), prompts, seeds, PromptBatch, verb),
            ({ }, { }) when first.NoiseLevel is { } level => OfSmall(from[0], level, prompts, seeds, 1, verb),
            ({ }, { }) when first.Depth is not null => OfDepths(from, [.. run.Select(picture => given.Depth(picture.Depth!))], prompts, seeds, PromptBatch, verb),
            ({ }, { }) => OfPictures(from, prompts, seeds, PromptBatch, verb),
            ({ }, null) => OfPictures(from, labels, seeds, LabelBatch, verb),
            (null, { }) => OfPrompts(prompts, seeds, PromptBatch, verb),
            _ => OfLabels(labels, seeds, LabelBatch, verb),
        };
        return Sampled(first.Towards is { } last ? Between(request, first.Seed, last, [.. run.Select(picture => picture.Share ?? 0)]) : request, null, default);
    }

    private static Prompt Shown(ReceiptPicture picture)
    {
        var prompt = Prompt.Of(picture.Prompt!).WithSeed(picture.Seed).WithNegative(picture.Negative).WithScale(picture.Scale);
        return picture.Parts.IsEmpty ? prompt : prompt.WithParts(picture.Parts);
    }

    /// <summary>A picture with its receipt; without one where noise did not come from its seed.</summary>
    internal Image Signed(GenerationRequest request, int index, Image image) => _noiseSource is not null ? image
        : image.WithOrigin(new ImageOrigin(_receipts.Write, EquatableArray.Of(request.Receipt(index)), image.Width, image.Height));
}
