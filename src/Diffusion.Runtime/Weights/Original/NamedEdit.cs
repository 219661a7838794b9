namespace Diffusion.Runtime.Weights.Original;

/// <summary>The parameter that a tensor of the original layout becomes, or one of several.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Edit">How.</param>
internal sealed record NamedEdit(string Name, TensorEdit Edit = TensorEdit.None);
