using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Diffusion.Dsl;

namespace Diffusion.Tests.House;

public sealed partial class RulesTests
{
    private static readonly string[] Sections = ["## What you see", "## Why", "## Bad", "## Good"];

    [Fact]
    public void EveryIdNamesAGroupAndIsUnique()
    {
        Assert.All(Rules.All, rule => Assert.Matches("^DIF0[1-7][0-9]{2}$", rule.Id));
        Assert.Empty(Rules.All.GroupBy(rule => rule.Id).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void EveryTitleIsAFewWordsWithoutAFullStop() => Assert.All(Rules.All, rule => Assert.Matches(@"^\S(.{1,60}[^.\s])$", rule.Title));

    // Roslyn asks the same of its diagnostics (RS1032), and the text of an exception is the text of the diagnostic.
    [Fact]
    public void EveryMessageIsOneSentenceWithoutAFullStop() => Assert.All(Rules.All, rule =>
    {
        Assert.DoesNotMatch(@"^\s|\s$|\.$|[\r\n]", rule.Format);
        Assert.DoesNotMatch(@"\. [A-Z]", rule.Format);
    });

    [Fact]
    public void TheHolesOfEveryMessageAreCountedFromZeroWithoutGaps() => Assert.All(Rules.All, rule =>
    {
        var holes = Hole().Matches(rule.Format).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).Distinct().Order().ToArray();
        Assert.Equal(Enumerable.Range(0, holes.Length), holes);
        Assert.NotEmpty(string.Format(CultureInfo.InvariantCulture, rule.Format, [.. holes.Cast<object>()]));
    });

    [Fact]
    public void EveryRuleHasAPageWithItsTitleAndSections() => Assert.All(Rules.All, rule =>
    {
        var path = Repository.PathOf($"docs/rules/{rule.Id}.md");
        Assert.True(File.Exists(path), $"{rule.Id} has no page {path}.");
        var lines = File.ReadAllLines(path);
        Assert.Equal($"# {rule.Id}: {rule.Title}", lines[0]);
        Assert.Equal(Sections, lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)), StringComparer.OrdinalIgnoreCase);
    });

    [Fact]
    public void EveryPageHasARule()
    {
        var folder = Repository.PathOf("docs/rules");
        var pages = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "DIF*.md").Select(Path.GetFileNameWithoutExtension) : [];
        Assert.Empty(pages.Except(Rules.All.Select(rule => rule.Id)));
    }

    [GeneratedRegex(@"(?<!\{)\{([0-9]+)[^}]*\}")]
    private static partial Regex Hole();
}
