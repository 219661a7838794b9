using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;

namespace Diffusion.Tests.Imaging;

public sealed class ImageFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("diffusion-images-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("a.png", 1)]
    [InlineData("a.png", 3)]
    [InlineData("A.PNG", 3)]
    [InlineData("a.webp", 3)]
    public void ALosslessFormatKeepsEveryPixel(string name, int channels)
    {
        var image = ImageTests.Pattern(17, 9, channels);
        image.Save(PathOf(name));
        Assert.Equal(image, Image.Load(PathOf(name)));
        Assert.Equal([name], folder.EnumerateFiles().Select(file => file.Name));
    }

    [Fact]
    public void AGrayWebPBecomesRgb()
    {
        new Image(2, 1, 1, [10, 200]).Save(PathOf("a.webp"));
        Assert.Equal(new Image(2, 1, 3, [10, 10, 10, 200, 200, 200]), Image.Load(PathOf("a.webp")));
    }

    [Theory]
    [InlineData("a.jpg", 1)]
    [InlineData("a.jpeg", 3)]
    public void AJpegIsNearlyTheImage(string name, int channels)
    {
        var image = new Image(16, 16, channels, [.. Enumerable.Range(0, 256 * channels).Select(i => (byte)(i / channels))]);
        image.Save(PathOf(name));
        var loaded = Image.Load(PathOf(name));
        Assert.Equal((16, 16, channels), (loaded.Width, loaded.Height, loaded.Channels));
        Assert.All(loaded.Pixels.ToArray().Zip(image.Pixels.ToArray()), pair => Assert.InRange(pair.First - pair.Second, -12, 12));
    }

    [Fact]
    public void AnOlderFileIsReplacedAndAMissingFolderMade()
    {
        var path = PathOf("deep/er/a.png");
        ImageTests.Pattern(40, 40, 3).Save(path);
        ImageTests.Pattern(2, 2, 1).Save(path);
        Assert.Equal(ImageTests.Pattern(2, 2, 1), Image.Load(path));
    }

    [Fact]
    public void AnUnknownExtensionIsRefusedAndNothingWritten()
    {
        Assert.Equal("DIF0560", Assert.Throws<DiffusionException>(() => ImageTests.Pattern(2, 2, 1).Save(PathOf("a.tiff"))).Id);
        Assert.Equal("DIF0560", Assert.Throws<DiffusionException>(() => ImageTests.Pattern(2, 2, 1).Save(PathOf("a"))).Id);
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void AFileThatIsMissingNoImageOrCutOffIsNamed()
    {
        Assert.Equal("DIF0561", Assert.Throws<DiffusionException>(() => Image.Load(PathOf("missing.png"))).Id);
        Assert.Equal("DIF0561", Assert.Throws<DiffusionException>(() => Image.Load(folder.FullName)).Id);
        File.WriteAllText(PathOf("text.png"), "no image");
        File.WriteAllText(PathOf("empty.png"), "");
        ImageTests.Pattern(64, 64, 3).Save(PathOf("whole.png"));
        var whole = File.ReadAllBytes(PathOf("whole.png"));
        File.WriteAllBytes(PathOf("half.png"), whole[..(whole.Length / 2)]);
        foreach (var name in new[] { "text.png", "empty.png", "half.png" })
        {
            var error = Assert.Throws<DiffusionException>(() => Image.Load(PathOf(name)));
            Assert.Equal("DIF0562", error.Id);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnImageThatCannotBeWrittenLeavesNothingBehind()
    {
        File.WriteAllText(PathOf("file"), "");
        Assert.Equal("DIF0563", Assert.Throws<DiffusionException>(() => ImageTests.Pattern(2, 2, 1).Save(PathOf("file/a.png"))).Id);
        Assert.Equal("DIF0563", Assert.Throws<DiffusionException>(() => new Image(20_000, 1, 1, new byte[20_000]).Save(PathOf("wide.webp"))).Id);
        Directory.CreateDirectory(PathOf("folder.png"));
        Assert.Equal("DIF0563", Assert.Throws<DiffusionException>(() => ImageTests.Pattern(2, 2, 1).Save(PathOf("folder.png"))).Id);
        Assert.Equal(["file", "folder.png"], folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);
}
