using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// An immutable array with structural equality, so that records which hold one are equal when their contents are.
/// </summary>
/// <typeparam name="T">The element type; its own equality decides.</typeparam>
public readonly struct EquatableArray<T> : IReadOnlyList<T>, IEquatable<EquatableArray<T>>
{
    private readonly T[]? _items;

    /// <summary>Copies <paramref name="items"/> into a new array.</summary>
    /// <param name="items">The elements, in order.</param>
    public EquatableArray(IEnumerable<T> items) => _items = items.ToArray();

    private T[] Items => _items ?? [];

    /// <summary>The number of elements.</summary>
    public int Count => Items.Length;

    /// <summary>The element at <paramref name="index"/>, counted from 0.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public T this[int index] => Items[index];

    /// <summary>Whether there is no element.</summary>
    public bool IsEmpty => Items.Length == 0;

    /// <summary>A new array with <paramref name="item"/> at the end.</summary>
    /// <param name="item">The element to append.</param>
    /// <remarks>Not called Add: then <c>[a, b]</c> would compile for this type, call it, drop its results and give an empty array.</remarks>
    public EquatableArray<T> Append(T item) => new(Items.Append(item));

    /// <summary>A new array with <paramref name="items"/> at the end.</summary>
    /// <param name="items">The elements to append.</param>
    public EquatableArray<T> Concat(IEnumerable<T> items) => new(Items.Concat(items));

    /// <inheritdoc/>
    public bool Equals(EquatableArray<T> other) => Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(17, (hash, item) => unchecked((hash * 31) + (item?.GetHashCode() ?? 0)));

    /// <summary>Whether both hold equal elements in the same order.</summary>
    /// <param name="left">One array.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(EquatableArray<T> left, EquatableArray<T> right) => left.Equals(right);

    /// <summary>Whether the arrays differ in length or in any element.</summary>
    /// <param name="left">One array.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(EquatableArray<T> left, EquatableArray<T> right) => !left.Equals(right);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The elements between brackets: <c>[1, 2, 3]</c>.</summary>
    public override string ToString() => "[" + string.Join(", ", Items.Select(Text.Of)) + "]";
}
