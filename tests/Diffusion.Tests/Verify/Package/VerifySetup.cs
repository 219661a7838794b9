using System;
using System.Runtime.CompilerServices;
using VerifyTests;
using VerifyXunit;

namespace Diffusion.Tests;

/// <summary>Configures Verify.Xunit to read and write the very files of the built-in engine; compiled with <c>-p:SnapshotEngine=Verify</c> only.</summary>
internal static class VerifySetup
{
    [ModuleInitializer]
    internal static void Configure()
    {
        Verifier.UseProjectRelativeDirectory("Snapshots");
        VerifierSettings.RegisterFileConverter(
            (value, _) => new ConversionResult(null, "txt", SnapshotText.Of(value)),
            (value, _) => value is not string && SnapshotText.Knows(value));
        if (Environment.GetEnvironmentVariable("VERIFY_ACCEPT") == "1")
        {
            VerifierSettings.AutoVerify();
        }
    }
}
