namespace Diffusion.Runtime.Data;

/// <summary>Words that make data of data.</summary>
public static class ImageDataExtensions
{
    /// <summary>The same data, transformed when a loader reads them: <c>data.Transformed(ImageTransforms.None.Resize(32, 32).Flip())</c>.</summary>
    /// <param name="data">The pictures.</param>
    /// <param name="transforms">What is done to every picture.</param>
    public static TransformedData Transformed(this IImageData data, ImageTransforms transforms) => new(data, transforms);
}
