using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Sampling;

/// <summary>The pictures of one call, in the order of their seeds.</summary>
/// <param name="images">The pictures.</param>
/// <param name="seeds">The seed of each.</param>
public sealed class GeneratedImages(IEnumerable<Image> images, IEnumerable<long> seeds) : IReadOnlyList<Image>
{
    private readonly Image[] _images = images.ToArray();

    /// <summary>The seed of each picture: generated alone with it, the picture is the same; of a walk from one seed to another that holds for its two ends.</summary>
    public IReadOnlyList<long> Seeds { get; } = seeds.ToArray();

    /// <summary>What the caller should know: prompts that were cut, and the words that were lost. Empty where nothing was.</summary>
    public IReadOnlyList<Finding> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public int Count => _images.Length;

    /// <inheritdoc/>
    public Image this[int index] => _images[index];

    /// <summary>All pictures as one, row by row.</summary>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="padding">Pixels between them.</param>
    /// <param name="background">The grey level between them.</param>
    public Image Grid(int columns = 8, int padding = 2, byte background = 0) => Image.Grid(_images, columns, padding, background);

    /// <summary>Saves the picture, or the grid of all where there are several; the format follows the file's extension.</summary>
    /// <param name="path">A .png, .jpg or .webp file; replaced atomically. A .png file carries the receipt of all pictures.</param>
    public void Save(string path) => (Count == 1 ? _images[0] : Grid()).Save(path);

    /// <summary>The same pictures without receipts: their files say nothing of how they were made.</summary>
    public GeneratedImages WithoutReceipt() => new(_images.Select(image => image.WithoutReceipt()), Seeds) { Warnings = Warnings };

    /// <inheritdoc/>
    public IEnumerator<Image> GetEnumerator() => ((IEnumerable<Image>)_images).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
