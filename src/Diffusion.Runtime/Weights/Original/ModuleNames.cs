using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>Two names for the same modules, such as <c>time_embed.0</c> and <c>time_embedding.linear_1</c>; what stands behind a module's name is the same in both.</summary>
internal sealed class ModuleNames
{
    private readonly Dictionary<string, string> _toOriginal = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fromOriginal = new(StringComparer.Ordinal);

    /// <param name="pairs">Each name once on either side.</param>
    public ModuleNames(IEnumerable<(string Original, string Diffusers)> pairs)
    {
        foreach (var (original, diffusers) in pairs)
        {
            _toOriginal.Add(diffusers, original);
            _fromOriginal.Add(original, diffusers);
        }
    }

    /// <summary>The original layout's name of a parameter, or null.</summary>
    public string? ToOriginal(string name) => Renamed(name, _toOriginal);

    /// <summary>diffusers' name of a parameter, or null.</summary>
    public string? FromOriginal(string name) => Renamed(name, _fromOriginal);

    /// <summary>The same pairs below other modules.</summary>
    public static IEnumerable<(string Original, string Diffusers)> Below(string original, string diffusers, params (string Original, string Diffusers)[] pairs) =>
        pairs.Select(pair => (original + "." + pair.Original, diffusers + "." + pair.Diffusers));

    // The longest module that is known, for a transformer is known as a whole.
    private static string? Renamed(string name, Dictionary<string, string> names)
    {
        for (var end = name.LastIndexOf('.'); end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (names.TryGetValue(name[..end], out var renamed))
                return renamed + name[end..];
        }

        return null;
    }
}
