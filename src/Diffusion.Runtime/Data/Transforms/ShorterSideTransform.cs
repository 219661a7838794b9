using System;
using System.Collections.Generic;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>The shorter side in one size, the proportions kept (the longer side rounded down); torchvision's <c>Resize(size)</c>.</summary>
/// <param name="Size">Pixels of the shorter side, at least 1.</param>
public sealed record ShorterSideTransform(int Size) : ImageTransform
{
    /// <summary>The same with another size.</summary>
    /// <param name="size">At least 1.</param>
    public ShorterSideTransform WithSize(int size) => this with { Size = size };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => CheckSize("size", Size);

    /// <summary>The canonical text: <c>ShorterSide(32)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"ShorterSide({Size})");

    internal override Image Apply(Image image, SampleRandom random) => image.Width <= image.Height
        ? image.Resize(Size, (int)((long)Size * image.Height / image.Width))
        : image.Resize((int)((long)Size * image.Width / image.Height), Size);
}
