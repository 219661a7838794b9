using System.Collections.Generic;

namespace Diffusion.Runtime.Data;

/// <summary>Data with what is done to every picture before it is learnt from; the loader does it, with the seed and the epoch.</summary>
/// <param name="Data">The pictures.</param>
/// <param name="Transforms">What is done.</param>
public sealed record TransformedData(IImageData Data, ImageTransforms Transforms) : IImageData
{
    /// <summary>The name of the data and the transforms.</summary>
    public string Name => Data.Name + " " + Transforms;

    /// <inheritdoc/>
    public int Count => Data.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => Data.Classes;

    /// <summary>One picture, as it is before the transforms.</summary>
    /// <param name="index">0 to Count − 1.</param>
    public ImageSample Read(int index) => Data.Read(index);

    /// <summary>The same transforms of other data.</summary>
    /// <param name="data">The pictures.</param>
    public TransformedData WithData(IImageData data) => this with { Data = data };

    /// <summary>Other transforms of the same data.</summary>
    /// <param name="transforms">What is done.</param>
    public TransformedData WithTransforms(ImageTransforms transforms) => this with { Transforms = transforms };
}
