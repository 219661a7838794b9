namespace Diffusion.Runtime.Weights.Original;

/// <summary>One parameter of a part, and the tensor of the file that it comes from.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Original">The tensor in the file.</param>
/// <param name="Edit">How the one becomes the other.</param>
internal sealed record PartTensor(string Name, TensorEntry Original, TensorEdit Edit)
{
    /// <summary>The parameter as a checkpoint of the part alone would list it.</summary>
    public TensorEntry Entry => new(Name, Original.Type, Edit.Shape(Original.Shape));
}
