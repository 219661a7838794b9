using System.Linq;
using Diffusion.Generators.Files;

namespace Diffusion.Tests.Generators;

/// <summary>Which additional file belongs to which checkpoint.</summary>
public sealed class ModelFileSetTests
{
    [Theory]
    [InlineData("models/a", "/repo/models/a/unet/config.json", true)]
    [InlineData("./../models/a/", "/repo/models/a/unet/config.json", true)]
    [InlineData("/repo/models/a", "/repo/models/a/unet/config.json", true)]
    [InlineData("C:/repo/a", "C:\\repo\\a\\unet\\config.json", true)]
    [InlineData("models/a", "/repo/models/aa/unet/config.json", false)]
    [InlineData("models/a", "/repo/models/a/prior/unet/config.json", false)]
    [InlineData("owner/name", "/home/me/.cache/huggingface/hub/models--owner--name/snapshots/1a2b/unet/config.json", true)]
    [InlineData("owner/name", "/hub/models--owner--name/snapshots/1a2b/prior/unet/config.json", false)]
    [InlineData("owner/name", "/hub/models--other--name/snapshots/1a2b/unet/config.json", false)]
    [InlineData("", "/unet/config.json", false)]
    public void AFileBelongsToTheCheckpointWhoseNameItsPathEndsWith(string source, string path, bool isFound) =>
        Assert.Equal(isFound ? "{}" : null, ModelFileSet.Of([Checkpoints.Of(path, "{}")], default).Find(source, "unet/config.json"));

    [Fact]
    public void FilesThatContradictEachOtherAreNone()
    {
        var files = new[] { ("/one/models/a/unet/config.json", "{}"), ("/two/models/a/unet/config.json", "{}"), ("/three/models/a/unet/config.json", "[]") };
        Assert.Equal("{}", ModelFileSet.Of(files.Take(2).Select(file => Checkpoints.Of(file.Item1, file.Item2)), default).Find("models/a", "unet/config.json"));
        Assert.Null(ModelFileSet.Of(files.Select(file => Checkpoints.Of(file.Item1, file.Item2)), default).Find("models/a", "unet/config.json"));
    }
}
