using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Diffusion.Tests.House;

public sealed class FileTests
{
    private const int MostLines = 300;
    private const long MostGoldenBytes = 10 << 20;

    // Path below src, why it is longer than a reader likes.
    private static readonly Dictionary<string, string> Long = [];

    [Fact]
    public void NoSourceFileIsLongerThanAReaderLikes()
    {
        var files = Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.PathOf("src"), file).Replace('\\', '/'))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));
        Assert.Equal(Long.Keys.Order(), files.Where(file => File.ReadLines(Repository.PathOf("src/" + file)).Count() > MostLines).Order());
        Assert.All(Long.Values, reason => Assert.NotEmpty(reason));
    }

    [Fact]
    public void TheRecordedResultsStaySmall() =>
        Assert.InRange(Directory.EnumerateFiles(Repository.PathOf("tests/Diffusion.Tests/Golden"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, MostGoldenBytes);

    [Fact]
    public void EverySnapshotBelongsToATest()
    {
        var tests = typeof(FileTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{(type.DeclaringType is { } outer ? outer.Name + "." : "")}{type.Name}.{method.Name}"))
            .ToHashSet();
        var names = Directory.EnumerateFiles(Repository.PathOf("tests/Diffusion.Tests/Snapshots"), "*.verified.*").Select(file => Path.GetFileName(file));
        Assert.All(names, name => Assert.Contains(name[..name.IndexOf(".verified.", StringComparison.Ordinal)].Split('_')[0], tests));
    }
}
