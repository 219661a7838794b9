using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Diffusion.Dsl;
using Diffusion.Runtime.Native;

namespace Diffusion.Tests.Native;

[SuppressMessage("Interoperability", "CA1416", Justification = "Every test returns at once on Windows, where no adapted copy exists.")]
public sealed class AdaptedLibraryCacheTests : IDisposable
{
    private static readonly byte[] Original = [1, 2, 3], Adapted = [1, 2, 4];
    private readonly string root = Directory.CreateTempSubdirectory("diffusion-cache-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void TheCopyIsCompleteAndClosedToOthers()
    {
        if (OperatingSystem.IsWindows())
            return;

        var file = Keep("a");

        Assert.Equal(Adapted, File.ReadAllBytes(file));
        Assert.Equal("lib.so", Path.GetFileName(file));
        foreach (var path in new[] { file, Path.GetDirectoryName(file)!, Path.Combine(root, "a") })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void TheRightCopyIsNotWrittenAgain()
    {
        if (OperatingSystem.IsWindows())
            return;

        var file = Keep("a");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);

        Assert.Equal(file, Keep("a"));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
    }

    [Theory]
    [InlineData("content")]
    [InlineData("length")]
    [InlineData("mode")]
    [InlineData("link")]
    [InlineData("owner")]
    public void AWrongCopyIsReplaced(string wrong)
    {
        if (OperatingSystem.IsWindows())
            return;

        var file = Keep("a");
        var elsewhere = Path.Combine(root, "elsewhere");
        switch (wrong)
        {
            case "content":
                File.WriteAllBytes(file, [9, 9, 9]);
                break;
            case "length":
                File.WriteAllBytes(file, [.. Adapted, 0]);
                break;
            case "mode":
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);
                break;
            case "link":
                File.Move(file, elsewhere);
                File.CreateSymbolicLink(file, elsewhere);
                break;
            case "owner" when ChangeOwner(file, 65534, 65534) != 0:
                return; // only root may give files away
        }

        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.Equal(file, Keep("a"));
        Assert.Equal(Adapted, File.ReadAllBytes(file));
        Assert.Null(new FileInfo(file).LinkTarget);
        Assert.Equal(UnixOwner.Current, UnixOwner.Of(file));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(file) & UnixFileMode.OtherWrite);
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void AFolderThatOthersMayWriteIsClosed()
    {
        if (OperatingSystem.IsWindows())
            return;

        Directory.CreateDirectory(Path.Combine(root, "a"));
        File.SetUnixFileMode(Path.Combine(root, "a"), (UnixFileMode)0b111_111_111);

        Keep("a");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(root, "a")));
    }

    [Fact]
    public void AFolderOfAnotherUserIsPassedOver()
    {
        if (OperatingSystem.IsWindows())
            return;

        Directory.CreateDirectory(Path.Combine(root, "a"));
        if (ChangeOwner(Path.Combine(root, "a"), 65534, 65534) != 0)
            return; // only root may give folders away

        Assert.StartsWith(Path.Combine(root, "b"), Keep("a", "b"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(root, "a")));
    }

    [Fact]
    public void WithoutAnyUsableFolderOneSentenceNamesThemAll()
    {
        if (OperatingSystem.IsWindows())
            return;

        File.WriteAllBytes(Path.Combine(root, "file"), []);

        var exception = Assert.Throws<DiffusionException>(() => Keep("file/a", "file/b"));

        Assert.Equal("DIF0605", exception.Id);
        Assert.Contains("file/a", exception.Message, StringComparison.Ordinal);
        Assert.Contains("file/b", exception.Message, StringComparison.Ordinal);
    }

    private string Keep(params string[] folders) =>
        new AdaptedLibraryCache([.. folders.Select(folder => Path.Combine(root, folder))]).Keep("/somewhere/lib.so", Original, Adapted);

    [DllImport("libc", EntryPoint = "chown")]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}
