using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Native;

namespace Diffusion.Tests.Native;

public sealed class ElfVersionNeedTests
{
    private const string Library = "libstdc++.so.6", Version = "GLIBCXX_3.4.32", Name = "libLibTorchSharp.so";

    // TorchSharp's package holds the natives of all platforms; the one of this platform is enough here, and Linux is what the patch is for.
    private static readonly byte[]? Original = OperatingSystem.IsLinux() ? File.ReadAllBytes(NativeSearch.Find(NativeSearch.Folders(), "LibTorchSharp")!) : null;

    [Fact]
    public void OneFlagOfTheRealLibraryChanges()
    {
        if (Original is null)
            return;

        var adapted = ElfVersionNeed.MakeOptional(Original, Library, Version, Name);

        Assert.NotNull(adapted);
        var changed = Enumerable.Range(0, Original.Length).Where(i => Original[i] != adapted[i]).ToArray();
        var only = Assert.Single(changed);
        Assert.Equal((0, 2), (Original[only], adapted[only]));
        Assert.Equal(Original.Length, adapted.Length);
    }

    [Fact]
    public void AnAdaptedLibraryIsNotAdaptedAgain()
    {
        if (Original is null)
            return;

        var adapted = ElfVersionNeed.MakeOptional(Original, Library, Version, Name);

        Assert.Null(ElfVersionNeed.MakeOptional(adapted!, Library, Version, Name));
    }

    [Theory]
    [InlineData(Library, "GLIBCXX_9.9.99")]
    [InlineData("libmissing.so", Version)]
    [InlineData(Library, "GLIBCXX_3.4.21")] // std::string of GCC 5: called all over the library
    public void ADemandThatIsAbsentOrRealStays(string library, string version)
    {
        if (Original is null)
            return;

        Assert.Null(ElfVersionNeed.MakeOptional(Original, library, version, Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(200)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void ATruncatedLibraryIsRefusedInOneSentence(int length)
    {
        if (Original is null)
            return;

        var exception = Assert.Throws<DiffusionException>(() => ElfVersionNeed.MakeOptional(Original[..length], Library, Version, Name));

        Assert.Equal("DIF0604", exception.Id);
        Assert.Single(exception.Findings);
        Assert.Contains(Name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWindowsLibraryIsRefused()
    {
        var bytes = new byte[1000];
        "MZ"u8.CopyTo(bytes);

        Assert.Equal("DIF0604", Assert.Throws<DiffusionException>(() => ElfVersionNeed.MakeOptional(bytes, Library, Version, Name)).Id);
    }

    [Fact]
    public void DamageAnywhereInTheHeadersNeverCrashes()
    {
        if (Original is null)
            return;

        // Header and program headers: every field that the reader follows lies there or in the tables that these lead to.
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var bytes = (byte[])Original.Clone();
            var at = random.Next(6, 64 + 12 * 56);
            random.NextBytes(bytes.AsSpan(at, 8));
            try
            {
                ElfVersionNeed.MakeOptional(bytes, Library, Version, Name);
            }
            catch (DiffusionException exception)
            {
                Assert.Equal("DIF0604", exception.Id);
                refused++;
            }
        }

        Assert.InRange(refused, 1, 300);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(300)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void ALibraryThatWasCutOffIsRefusedBeforeTheLoaderCrashesOverIt(int length)
    {
        if (Original is null)
            return;

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, Original[..length]);
            Assert.Equal("DIF0604", Assert.Throws<DiffusionException>(() => ElfFile.RequireComplete(path)).Id);
            File.WriteAllBytes(path, Original);
            ElfFile.RequireComplete(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
