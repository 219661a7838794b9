using System.Globalization;

namespace Diffusion.Dsl;

/// <summary>A short hash of a text that is the same on every machine and run (FNV-1a, 32 bits).</summary>
internal static class Fingerprint
{
    /// <summary>Eight hexadecimal digits.</summary>
    public static string Of(string text)
    {
        var hash = 2166136261u;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 16777619u);
        }

        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}
