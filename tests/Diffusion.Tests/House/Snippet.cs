using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Diffusion.Tests.House;

/// <summary>A block of C# in a Markdown file.</summary>
/// <param name="Place">File and line of the block.</param>
/// <param name="Code">Its text, after that of the blocks which it continues.</param>
/// <param name="Exemption">Why it is not compiled; null when it is, empty when no reason is given.</param>
internal sealed record Snippet(string Place, string Code, string? Exemption)
{
    private const string NoCompile = "<!-- no-compile";
    private const string Continues = "<!-- continues -->";

    /// <summary>
    /// The <c>csharp</c> blocks of a file. <c>&lt;!-- no-compile: why --&gt;</c> on the line before a block exempts it,
    /// <c>&lt;!-- continues --&gt;</c> puts it behind the block before.
    /// </summary>
    public static IEnumerable<Snippet> In(string file, string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var previous = "";
        for (var start = 0; start < lines.Length; start++)
        {
            if (lines[start].TrimEnd() != "```csharp")
            {
                continue;
            }

            var end = Array.FindIndex(lines, start + 1, line => line.TrimEnd() == "```");
            var mark = lines.Take(start).LastOrDefault(line => line.Length > 0) ?? "";
            previous = (mark == Continues ? previous : "") + string.Join("\n", lines[(start + 1)..end]) + "\n";
            yield return new Snippet($"{file}:{start + 1}", previous, Reason(mark));
            start = end;
        }
    }

    private static string? Reason(string mark) =>
        mark.StartsWith(NoCompile, StringComparison.Ordinal) ? mark[NoCompile.Length..].Replace("-->", "", StringComparison.Ordinal).TrimStart(':').Trim() : null;
}
