using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;

namespace Diffusion.Tests;

/// <summary>
/// What <c>await Verify(value)</c> writes. Both engines ask here, so that their files are the same: one line per type, in the static constructor.
/// </summary>
internal static class SnapshotText
{
    private static readonly List<(Func<object, bool> Takes, Func<object, string> Write)> Writers = [];

    static SnapshotText()
    {
        Register<string>(text => text);
        Register<Pipeline>(pipeline => pipeline.ToSnapshot());
        Register<PipelinePlan>(plan => plan.ToString());
        Register<IEnumerable<string>>(lines => string.Join("\n", lines));
    }

    /// <summary>Whether <see cref="Of"/> can write <paramref name="value"/>.</summary>
    public static bool Knows(object? value) => value is not null && Writers.Any(writer => writer.Takes(value));

    /// <summary>The text of a snapshot: '\n' line ends, no line end at the end.</summary>
    /// <exception cref="NotSupportedException">The type of <paramref name="value"/> is not registered.</exception>
    public static string Of([NotNull] object? value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var write = Writers.FirstOrDefault(writer => writer.Takes(value)).Write
            ?? throw new NotSupportedException($"Verify got a {value.GetType()}, of which {nameof(SnapshotText)} has no writer; register one there or pass its text.");
        return write(value).ReplaceLineEndings("\n").TrimEnd('\n');
    }

    private static void Register<T>(Func<T, string> write) => Writers.Add((value => value is T, value => write((T)value)));
}
