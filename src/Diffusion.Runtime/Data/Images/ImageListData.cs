using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>Pictures that are in memory already.</summary>
/// <param name="Images">The pictures.</param>
public sealed record ImageListData(EquatableArray<Image> Images) : IImageData
{
    /// <inheritdoc/>
    public string Name => FormattableString.Invariant($"{Images.Count} pictures in memory");

    /// <inheritdoc/>
    public int Count => Images.Count;

    /// <summary>None.</summary>
    public IReadOnlyList<string> Classes => [];

    /// <summary>Data of some pictures.</summary>
    /// <param name="images">The pictures.</param>
    public static ImageListData Of(IEnumerable<Image> images) => new((images ?? throw new ArgumentNullException(nameof(images))).ToEquatableArray());

    /// <inheritdoc/>
    public ImageSample Read(int index) => index >= 0 && index < Count
        ? new ImageSample(Images[index], "picture " + index.ToString(CultureInfo.InvariantCulture))
        : throw Rules.DataRange.Error("index", index, FormattableString.Invariant($"0 to {Count - 1}"));

    /// <summary>Other pictures.</summary>
    /// <param name="images">The pictures.</param>
    public ImageListData WithImages(EquatableArray<Image> images) => this with { Images = images };
}
