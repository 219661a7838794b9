using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Diffusion.Runtime.Weights;

namespace Diffusion.Tests.Weights;

public sealed class FileHashesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("diffusion-hashes-").FullName;

    private string Cache => Path.Combine(_folder, "cache");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheHashIsThatOfTheBytes() => Assert.Equal(Expected([1, 2, 3]), new FileHashes(null, 0).Of(File([1, 2, 3])));

    [Fact]
    public void AFileThatIsNoLongerTheOneMeantHasNone()
    {
        var hashes = new FileHashes(Cache, 0);
        var before = File([1, 2, 3]);
        var after = File([1, 2, 3, 4]);
        Assert.Null(hashes.Of(before));
        Assert.Equal(Expected([1, 2, 3, 4]), hashes.Of(after));
        System.IO.File.Delete(after.Path);
        Assert.Null(hashes.Of(after));
    }

    // The cache is told another hash than the file has: whoever reads the file again would notice.
    [Fact]
    public void TheNextProgramFindsTheHashOnTheDisk()
    {
        var file = File([1, 2, 3]);
        new FileHashes(Cache, 3).Of(file);
        var kept = Assert.Single(Directory.GetFiles(Cache));
        System.IO.File.WriteAllText(kept, System.IO.File.ReadAllText(kept).Replace(Expected([1, 2, 3]), new string('a', 64), StringComparison.Ordinal));
        Assert.Equal(new string('a', 64), new FileHashes(Cache, 3).Of(file));

        // Not for a file of that name which has changed, nor from a damaged cache.
        var changed = File([7, 7, 7], DateTime.UtcNow.AddHours(-1));
        Assert.Equal(Expected([7, 7, 7]), new FileHashes(Cache, 3).Of(changed));
        System.IO.File.WriteAllText(kept, "nonsense");
        Assert.Equal(Expected([7, 7, 7]), new FileHashes(Cache, 3).Of(changed));
    }

    [Fact]
    public void SmallFilesLeaveNothingBehindAndAnUnusableFolderStopsNothing()
    {
        Assert.NotNull(new FileHashes(Cache, 4).Of(File([1, 2, 3])));
        Assert.False(Directory.Exists(Cache));
        System.IO.File.WriteAllText(Cache, "a file where the folder should be");
        Assert.Equal(Expected([1, 2, 3]), new FileHashes(Cache, 0).Of(File([1, 2, 3])));
    }

    private FileStamp File(byte[] bytes, DateTime? changed = null)
    {
        var path = Path.Combine(_folder, "weights");
        System.IO.File.WriteAllBytes(path, bytes);
        if (changed is { } time)
            System.IO.File.SetLastWriteTimeUtc(path, time);
        return FileStamp.Of(path);
    }

    private static string Expected(byte[] bytes) => string.Concat(SHA256.HashData(bytes).Select(one => one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
