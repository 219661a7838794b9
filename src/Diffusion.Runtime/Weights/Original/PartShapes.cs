using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>The shapes of a part, from which its configuration is read.</summary>
internal sealed class PartShapes
{
    private readonly string _source;
    private readonly string _part;
    private readonly string _prefix;
    private readonly IReadOnlyDictionary<string, TensorEntry> _entries;
    private readonly HashSet<string> _modules = new(StringComparer.Ordinal);

    /// <param name="source">The file, for messages.</param>
    /// <param name="part">What the part is, such as <c>U-Net</c>.</param>
    /// <param name="prefix">What the names start with in the file.</param>
    /// <param name="entries">All tensors of the file.</param>
    public PartShapes(string source, string part, string prefix, IReadOnlyDictionary<string, TensorEntry> entries)
    {
        (_source, _part, _prefix, _entries) = (source, part, prefix, entries);
        foreach (var name in entries.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            for (var end = name.LastIndexOf('.'); end > prefix.Length && _modules.Add(name[prefix.Length..end]); end = name.LastIndexOf('.', end - 1))
            {
            }
        }
    }

    /// <summary>Whether there is a tensor.</summary>
    public bool Has(string name) => _entries.ContainsKey(_prefix + name);

    /// <summary>Whether there is a module: any tensor of it, so that one that is missing is told as missing and not as another kind of model.</summary>
    public bool HasModule(string name) => _modules.Contains(name);

    /// <summary>How many modules there are in a list.</summary>
    /// <param name="list">The name before the numbers.</param>
    public int Count(string list) => Enumerable.Range(0, int.MaxValue).TakeWhile(i => HasModule(FormattableString.Invariant($"{list}.{i}"))).Count();

    /// <summary>The number of axes of a tensor.</summary>
    public int Rank(string name) => Find(name).Shape.Count;

    /// <summary>The length of an axis, counted from 0.</summary>
    /// <exception cref="DiffusionException">DIF0527: there is no such tensor. DIF0528: it has fewer axes, or a length that no model has.</exception>
    public int Length(string name, int axis)
    {
        var entry = Find(name);

        return entry.Shape.Count > axis && entry.Shape[axis] is > 0 and <= int.MaxValue
            ? (int)entry.Shape[axis]
            : throw Rules.OriginalShape.Error(entry.Name, _source, entry.Shape, axis + 1, _part);
    }

    private TensorEntry Find(string name) =>
        _entries.TryGetValue(_prefix + name, out var entry) ? entry : throw Rules.OriginalPartMissing.Error(_source, _part, _prefix + name);
}
