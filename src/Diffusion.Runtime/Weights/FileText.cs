using System;
using System.Linq;

namespace Diffusion.Runtime.Weights;

/// <summary>Names out of files, which may hold anything, as a part of a message.</summary>
internal static class FileText
{
    private const int Limit = 100;

    /// <summary>At most 100 characters, without control characters and line breaks.</summary>
    public static string Printable(string text)
    {
        var clean = new string(text.Take(Limit).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c).ToArray());
        return text.Length <= Limit ? clean : clean + "…";
    }
}
