using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Makes <see cref="EquatableArray{T}"/> values with inferred element types.</summary>
public static class EquatableArray
{
    /// <summary>An array of the given elements.</summary>
    /// <param name="items">The elements, in order.</param>
    public static EquatableArray<T> Of<T>(params T[] items) => new(items);

    /// <summary>Copies a sequence into an <see cref="EquatableArray{T}"/>.</summary>
    /// <param name="items">The elements, in order.</param>
    public static EquatableArray<T> ToEquatableArray<T>(this IEnumerable<T> items) => new(items);
}
