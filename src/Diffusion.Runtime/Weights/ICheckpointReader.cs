using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Weights;

/// <summary>A checkpoint that is open for reading: names and shapes at once, elements when asked for.</summary>
/// <remarks>This is the seam for other formats: <see cref="StateDict"/> needs nothing else. Implementations may be used by one thread at a time.</remarks>
public interface ICheckpointReader : IDisposable
{
    /// <summary>The file or folder, for messages.</summary>
    string Source { get; }

    /// <summary>All tensors, ordered by name (ordinal); no name occurs twice.</summary>
    IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>What the file says about itself, such as <c>format</c> = <c>pt</c>; empty where it says nothing.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The name that a tensor has in the file, for messages; another than its own where the reader renames.</summary>
    /// <param name="name">A tensor's name, whether it is there or not.</param>
    string NameInFile(string name) => name;

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">The name of an entry.</param>
    /// <param name="type">The element type of the result; null keeps the file's.</param>
    /// <param name="device">Where the result lives; null is the CPU.</param>
    /// <returns>
    /// A tensor that belongs to the caller and outlives the reader. It may be a view of the mapped file: then memory is used for the pages that
    /// are touched, and writing to it changes the tensor but never the file.
    /// </returns>
    /// <exception cref="DiffusionException">DIF0509: no such tensor. DIF0513: the file cannot be read any more.</exception>
    Tensor Read(string name, ScalarType? type = null, Device? device = null);

    /// <summary>Reads one tensor into memory that exists, converting to its element type and device.</summary>
    /// <param name="name">The name of an entry.</param>
    /// <param name="destination">A tensor of the entry's shape; its elements are overwritten.</param>
    /// <exception cref="DiffusionException">DIF0509: no such tensor. DIF0513: the file cannot be read any more. DIF0515: another shape.</exception>
    void CopyTo(string name, Tensor destination)
    {
        using var guard = no_grad();
        using var read = Read(name, destination.dtype, destination.device);
        if (!read.shape.AsSpan().SequenceEqual(destination.shape))
            throw Rules.TensorShape.Error(name, Source, read.shape.ToEquatableArray(), destination.shape.ToEquatableArray());
        using var target = destination.detach();
        target.copy_(read);
    }
}
