using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights;

/// <summary>What loading a checkpoint into a model did, and what did not fit.</summary>
/// <param name="Loaded">The number of the model's parameters and buffers that were filled.</param>
/// <param name="Missing">Parameters and buffers of the model that the checkpoint lacks; left as they were.</param>
/// <param name="Unexpected">Tensors of the checkpoint, under their new names, that the model lacks.</param>
/// <param name="Mismatched">Parameters and buffers whose tensor has another shape, or floating point where whole numbers belong; left as they were.</param>
public sealed record LoadReport(int Loaded, EquatableArray<string> Missing, EquatableArray<string> Unexpected, EquatableArray<string> Mismatched)
{
    /// <summary>Whether every tensor of the checkpoint found its place, and every place its tensor.</summary>
    public bool IsComplete => Missing.IsEmpty && Unexpected.IsEmpty && Mismatched.IsEmpty;
}
