using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>One verified text file and the received one beside it: UTF-8 with a byte order mark, '\n', no line end at the end.</summary>
internal sealed class SnapshotFile(string directory, string name, string extension)
{
    private const int Context = 2;

    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
    private static readonly ConcurrentDictionary<string, string> Taken = new();

    private string Verified => Path.Combine(directory, $"{name}.verified.{extension}");

    private string Received => Path.Combine(directory, $"{name}.received.{extension}");

    /// <summary>The file of a test: <c>Snapshots/Class.Method_parameters.verified.txt</c>; nested classes are written <c>Outer.Inner</c>.</summary>
    /// <exception cref="InvalidOperationException">The test has already verified a file of this name.</exception>
    public static SnapshotFile In(string projectDirectory, MethodInfo test, string parameters, string extension)
    {
        var type = test.ReflectedType!;
        var typeName = type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;
        var file = new SnapshotFile(Path.Combine(projectDirectory, "Snapshots"), $"{typeName}.{test.Name}{parameters}", extension);
        return Taken.TryAdd(file.Verified, type.FullName!)
            ? file
            : throw new InvalidOperationException($"{file.Verified} is verified twice; tell the calls apart by UseParameters or UseTextForParameters.");
    }

    /// <summary>Passes when the verified file holds <paramref name="text"/>; otherwise writes the received file and fails with the difference.</summary>
    /// <param name="text">What the test produced; '\n' line ends.</param>
    /// <param name="accept">Take <paramref name="text"/> as the new verified file instead of failing.</param>
    public void Check(string text, bool accept)
    {
        var verified = File.Exists(Verified) ? Normalize(File.ReadAllText(Verified)) : null;
        if (verified == text)
        {
            File.Delete(Received);
            return;
        }

        Directory.CreateDirectory(directory);
        if (accept)
        {
            File.WriteAllText(Verified, text, Encoding);
            File.Delete(Received);
            return;
        }

        File.WriteAllText(Received, text, Encoding);
        throw new XunitException(verified is null
            ? $"New snapshot {Received}; read it, then accept it with VERIFY_ACCEPT=1.\n{text}"
            : $"Snapshot {Verified} differs (- verified, + received); read it, then accept it with VERIFY_ACCEPT=1.\n{Difference(verified, text)}");
    }

    // As Verify reads: any line end, and at most one that an editor put at the end.
    private static string Normalize(string text)
    {
        var lines = text.ReplaceLineEndings("\n");
        return lines.EndsWith('\n') ? lines[..^1] : lines;
    }

    private static string Difference(string verified, string received)
    {
        var lines = InlineDiffBuilder.Diff(verified, received).Lines;
        var changed = lines.Select(line => line.Type != ChangeType.Unchanged).ToArray();
        var shown = lines
            .Select((line, index) => (line, index))
            .Where(at => changed[Math.Max(0, at.index - Context)..Math.Min(changed.Length, at.index + Context + 1)].Contains(true))
            .ToArray();
        return string.Join("\n", shown.Select((at, order) =>
            (order > 0 && shown[order - 1].index < at.index - 1 ? "  …\n" : "") + Sign(at.line.Type) + " " + at.line.Text));
    }

    private static char Sign(ChangeType type) => type switch
    {
        ChangeType.Deleted => '-',
        ChangeType.Inserted => '+',
        _ => ' ',
    };
}
