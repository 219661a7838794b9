using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights;

/// <summary>Where in a file the elements of a tensor lie.</summary>
/// <param name="Entry">Name, type and shape.</param>
/// <param name="Offset">The position of the first element, in bytes from the start of the file.</param>
/// <param name="Strides">The steps of the axes, in elements; null where the elements lie in row-major order without gaps.</param>
/// <param name="Span">The number of elements from the first to the last one, both included.</param>
internal sealed record StoredTensor(TensorEntry Entry, long Offset, EquatableArray<long>? Strides, long Span)
{
    /// <summary>A tensor whose elements lie in row-major order without gaps.</summary>
    public static StoredTensor Contiguous(TensorEntry entry, long offset) => new(entry, offset, null, entry.ElementCount);

    /// <summary>The number of elements that a shape has, or null where it does not fit 63 bits.</summary>
    /// <remarks>A zero counts as one until the end: libtorch multiplies the other axes too.</remarks>
    public static long? Count(IReadOnlyCollection<long> shape)
    {
        var count = 1L;
        foreach (var length in shape)
        {
            if (Math.BigMul(count, Math.Max(length, 1), out var low) != 0 || low < 0)
                return null;
            count = low;
        }

        return shape.Contains(0) ? 0 : count;
    }
}
