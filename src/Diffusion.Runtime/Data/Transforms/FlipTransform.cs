using System;
using System.Collections.Generic;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>Some pictures are mirrored, left to right; torchvision's <c>RandomHorizontalFlip</c>.</summary>
/// <param name="Probability">How many of them, in [0, 1].</param>
public sealed record FlipTransform(double Probability = 0.5) : ImageTransform
{
    /// <summary>The same with another probability.</summary>
    /// <param name="probability">In [0, 1].</param>
    public FlipTransform WithProbability(double probability) => this with { Probability = probability };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        if (!(Probability >= 0 && Probability <= 1))
            yield return Rules.ImageLayout.Found("the probability of a flip", Probability, "0 (never) to 1 (always)");
    }

    /// <summary>The canonical text: <c>Flip(0.5)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"Flip({Probability})");

    internal override Image Apply(Image image, SampleRandom random) => random.Chance(Probability) ? image.FlipHorizontally() : image;
}
