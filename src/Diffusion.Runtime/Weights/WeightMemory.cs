namespace Diffusion.Runtime.Weights;

/// <summary>Where the weights of a loaded network lie.</summary>
public enum WeightMemory
{
    /// <summary>In memory of their own.</summary>
    Copied,

    /// <summary>In the mapped file, those on the CPU that have the file's element type: no memory until a page is touched. The file must not change for as long as the network lives.</summary>
    Mapped,

    /// <summary>
    /// Packed for inference on the CPU, as <see cref="Layers.Packing"/> does it, straight from the file: no weight lies in memory twice. Where a layer has no packed order its weights are
    /// copied.
    /// </summary>
    Packed,
}
