using System;
using System.Diagnostics;
using System.Threading.Tasks;

namespace Diffusion.Tests;

public sealed class SnapshotEngineTests
{
    [Theory]
    [InlineData("Verify", true)]
    [InlineData("BuiltIn", false)]
    public async Task ThePackageReplacesTheBuiltInEngine(string engine, bool package)
    {
        using var msbuild = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "msbuild", "-getItem:PackageReference", "-getItem:Compile", "-p:SnapshotEngine=" + engine },
            WorkingDirectory = Repository.PathOf("tests/Diffusion.Tests"),
            RedirectStandardOutput = true,
        })!;
        var items = await msbuild.StandardOutput.ReadToEndAsync();
        await msbuild.WaitForExitAsync();

        Assert.Equal(0, msbuild.ExitCode);
        Assert.Equal(package, items.Contains("\"Identity\": \"Verify.Xunit\"", StringComparison.Ordinal));
        Assert.Equal(package, items.Contains("VerifySetup.cs\"", StringComparison.Ordinal));
        Assert.NotEqual(package, items.Contains("Verifier.cs\"", StringComparison.Ordinal));
    }

    [Fact]
    public void ATypeWithoutAWriterIsRefused() =>
        Assert.Throws<NotSupportedException>(() => SnapshotText.Of(new object()));

    [Fact]
    public void ASnapshotHasUnixLineEndsAndNoneAtTheEnd() => Assert.Equal("a\nb", SnapshotText.Of("a\r\nb\r\n"));
}
