namespace Diffusion.Runtime.Data;

/// <summary>Words that make data of data.</summary>
public static class ImageDataExtensions
{
    /// <summary>The same data, transformed when a loader reads them: <c>data.Transformed(ImageTransforms.None.Resize(32, 32).Flip())</c>.</summary>
    /// <param name="data">The pictures; where they are transformed already, this comes behind it.</param>
    /// <param name="transforms">What is done to every picture.</param>
    public static TransformedData Transformed(this IImageData data, ImageTransforms transforms) =>
        data is TransformedData before ? before.Data.Transformed(before.Transforms.Then(transforms)) : new(data, transforms);
}
