using System;
using System.Collections.Generic;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>A square of each picture, from its middle or from anywhere; torchvision's <c>CenterCrop</c> and <c>RandomCrop</c>, without padding.</summary>
/// <param name="Size">Pixels of each side, at least 1 and at most the picture's.</param>
/// <param name="Random">Whether the square lies anywhere, each place as likely as another.</param>
public sealed record CropTransform(int Size, bool Random = false) : ImageTransform
{
    /// <summary>The same with another size.</summary>
    /// <param name="size">At least 1.</param>
    public CropTransform WithSize(int size) => this with { Size = size };

    /// <summary>The same at a random place, or in the middle.</summary>
    /// <param name="random">Whether the square lies anywhere.</param>
    public CropTransform WithRandom(bool random) => this with { Random = random };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => CheckSize("size", Size);

    /// <summary>The canonical text: <c>RandomCrop(32)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{(Random ? "RandomCrop" : "CenterCrop")}({Size})");

    internal override Image Apply(Image image, SampleRandom random)
    {
        if (Size > image.Width || Size > image.Height)
            throw Rules.CropTooLarge.Error(image, FormattableString.Invariant($"{Size} x {Size}"));

        var (spareX, spareY) = (image.Width - Size, image.Height - Size);
        return Random
            ? image.Crop((int)random.Uniform(0, spareX + 1), (int)random.Uniform(0, spareY + 1), Size, Size)
            : image.Crop(Half(spareX), Half(spareY), Size, Size);
    }

    // Python's round: half to even.
    private static int Half(int spare) => (int)Math.Round(spare / 2.0, MidpointRounding.ToEven);
}
