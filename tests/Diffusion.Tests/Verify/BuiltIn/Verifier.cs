using System;
using Diffusion.Tests;

namespace VerifyXunit;

/// <summary>
/// The part of Verify.Xunit that these tests use, under the same names and with the same files, for registries that lack the package.
/// <c>-p:SnapshotEngine=Verify</c> takes the package instead.
/// </summary>
internal static class Verifier
{
    private static readonly bool Accept = Environment.GetEnvironmentVariable("VERIFY_ACCEPT") == "1";

    /// <summary>Compares the text of <paramref name="target"/> with <c>Snapshots/Class.Method.verified.txt</c> when awaited.</summary>
    public static SettingsTask Verify(object? target) => Verify(SnapshotText.Of(target), "txt");

    /// <summary>Compares <paramref name="target"/> with <c>Snapshots/Class.Method.verified.EXTENSION</c> when awaited.</summary>
    public static SettingsTask Verify(string target, string extension)
    {
        var test = UseVerifyAttribute.Test;
        return new(test, parameters => SnapshotFile.In(Repository.PathOf("tests/Diffusion.Tests"), test, parameters, extension).Check(SnapshotText.Of(target), Accept));
    }
}
