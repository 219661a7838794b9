namespace Diffusion.Runtime.Data;

/// <summary>One picture of a data set.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Source">Where it comes from, for messages: a file, or a file and a number.</param>
/// <param name="Label">Its class, at least 0; null where the data have none.</param>
/// <param name="Caption">Its caption; null where the data have none.</param>
public sealed record ImageSample(Image Image, string Source, int? Label = null, string? Caption = null)
{
    /// <summary>The same sample with another picture.</summary>
    /// <param name="image">The picture.</param>
    public ImageSample WithImage(Image image) => this with { Image = image };

    /// <summary>The same sample with another label.</summary>
    /// <param name="label">The class; null: none.</param>
    public ImageSample WithLabel(int? label) => this with { Label = label };

    /// <summary>The same sample with another caption.</summary>
    /// <param name="caption">The caption; null: none.</param>
    public ImageSample WithCaption(string? caption) => this with { Caption = caption };
}
