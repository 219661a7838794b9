using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;

namespace Diffusion.Tests.Data;

public sealed class DataFileTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false, "train-images-idx3-ubyte", "train-labels-idx1-ubyte")]
    [InlineData(true, "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")]
    [InlineData(true, "train-images.idx3-ubyte", "train-labels.idx1-ubyte")]
    public void IdxFilesGivePicturesWithLabels(bool packed, string images, string labels)
    {
        folder.Write(images, DataFolder.Idx([3, 2, 4], [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))]), packed);
        folder.Write(labels, DataFolder.Idx([3], [7, 0, 9]), packed);
        var data = IdxData.OpenFolder(folder.Path);
        Assert.Equal(3, data.Count);
        var sample = data.Read(2);
        Assert.Equal((4, 2, 1, 9), (sample.Image.Width, sample.Image.Height, sample.Image.Channels, sample.Label));
        Assert.Equal([160, 170, 180, 190, 200, 210, 220, 230], sample.Image.Pixels.ToArray());
        Assert.EndsWith(" #2", sample.Source, StringComparison.Ordinal);
        Assert.Equal("DIF0456", Assert.Throws<DiffusionException>(() => data.Read(3)).Id);
        Assert.Equal("DIF0520", Assert.Throws<DiffusionException>(() => IdxData.OpenFolder(folder.Path, train: false)).Id);
    }

    [Theory]
    [InlineData("", "it does not begin with two zero bytes")]
    [InlineData("89504E47", "it does not begin with two zero bytes")]
    [InlineData("00000D03", "its elements are of type 0x0D, and only unsigned bytes (0x08) are read")]
    [InlineData("00000801", "it has 1 axes, and pictures [N, H, W] have 3")]
    [InlineData("0000080300000001", "it ends within the list of its axes")]
    [InlineData("00000803000000010000000000000002", "it says that its axes are 1 x 0 x 2")]
    [InlineData("000008030000000100000001FFFFFFFF", "it says that its axes are 1 x 1 x -1")]
    [InlineData("0000080300000002000000010000000203", "it says that it holds 2 x 1 x 2 bytes, and has 1")]
    [InlineData("000008037FFFFFFF7FFFFFFF7FFFFFFF03", "it says that it holds 2147483647 x 2147483647 x 2147483647 bytes, and has 1")]
    [InlineData("1F8B0800000000000003FFFF", "is not a valid gzip file")]
    public void ADamagedIdxFileSaysWhatIsWrongInOneSentence(string content, string why)
    {
        var exception = Assert.Throws<DiffusionException>(() => IdxData.Open(folder.Write("images", Convert.FromHexString(content))));
        Assert.Equal("DIF0521", exception.Id);
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsOfAnotherPartAreRefused()
    {
        var images = folder.Write("images", DataFolder.Idx([2, 1, 1], [1, 2]));
        var labels = folder.Write("labels", DataFolder.Idx([3], [1, 2, 3]));
        Assert.Equal($"DIF0522: {labels} has 3 labels, but {images} has 2 pictures; give two files of the same part, training or test", Assert.Throws<DiffusionException>(() => IdxData.Open(images, labels)).Message);
        Assert.Null(IdxData.Open(images).Read(0).Label);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CifarFilesGiveColourPicturesWithLabels(bool hundred)
    {
        if (hundred)
        {
            folder.Write("train.bin", DataFolder.Cifar(5, hundred: true));
            folder.Write("fine_label_names.txt", "apple\nbee\n"u8.ToArray());
        }
        else
        {
            foreach (var i in Enumerable.Range(1, 5))
                folder.Write($"data_batch_{i}.bin", DataFolder.Cifar(i == 3 ? 5 : 0 + 1));
            folder.Write("batches.meta.txt", "plane\ncar\n\n"u8.ToArray());
        }

        var data = CifarData.OpenFolder(folder.Path);
        Assert.Equal(hundred ? 5 : 9, data.Count);
        Assert.Equal(hundred ? ["apple", "bee"] : ["plane", "car"], data.Classes);
        var sample = data.Read(hundred ? 4 : 6);
        Assert.Equal((32, 32, 4), (sample.Image.Width, sample.Image.Height, sample.Label));
        Assert.Equal((4, 5, 6), (sample.Image[31, 0, 0], sample.Image[0, 31, 1], sample.Image[5, 7, 2]));
    }

    [Fact]
    public void ADamagedCifarFileSaysWhatIsWrong()
    {
        var cut = folder.Write("cut.bin", DataFolder.Cifar(2)[..^1]);
        Assert.Equal($"DIF0521: {cut} is not a valid CIFAR-10 file: it has 6145 bytes, and records of 3073; download it again, or give the file of another format to its own reader", Assert.Throws<DiffusionException>(() => CifarData.Open([cut])).Message);
        var labelled = folder.Write("labels.bin", DataFolder.Cifar(11));
        Assert.Contains("picture 10 has the label 10, and labels go to 9", Assert.Throws<DiffusionException>(() => CifarData.Open([labelled])).Message, StringComparison.Ordinal);
        Assert.Equal("DIF0523", Assert.Throws<DiffusionException>(() => CifarData.Open([])).Id);
        Assert.Equal("DIF0520", Assert.Throws<DiffusionException>(() => CifarData.OpenFolder(Path.Combine(folder.Path, "none"))).Id);
    }

    [Fact]
    public void AFolderOfFoldersHasClassesInTheirOrder()
    {
        folder.WritePicture("rose/b.png", 2, 2, 1);
        folder.WritePicture("rose/a.jpg", 2, 2, 2);
        folder.WritePicture("aster/c.png", 2, 2, 3);
        folder.Write("aster/notes.txt", []);
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));
        var data = ImageFolder.Open(folder.Path);
        Assert.Equal(["aster", "rose"], data.Classes);
        Assert.Equal([("c.png", 0), ("a.jpg", 1), ("b.png", 1)], Enumerable.Range(0, data.Count).Select(data.Read).Select(sample => (Path.GetFileName(sample.Source), sample.Label!.Value)));
        Assert.Empty(data.Check());
    }

    [Fact]
    public void AFolderWithMetadataHasCaptions()
    {
        folder.WritePicture("1.png", 2, 2, 10);
        folder.WritePicture("2.png", 2, 2, 20);
        folder.Write("metadata.jsonl", "{\"file_name\": \"2.png\", \"text\": \"zwei\", \"label\": 3}\n\n{\"file_name\": \"1.png\", \"title\": \"eins\"}\n"u8.ToArray());
        var data = ImageFolder.Open(folder.Path);
        Assert.Equal([(20, "zwei", 3), (10, null, null)], Enumerable.Range(0, 2).Select(data.Read).Select(sample => ((int)sample.Image[0, 0], sample.Caption, sample.Label)));
        Assert.Equal("eins", ImageFolder.Open(folder.Path, captionKey: "title").Read(1).Caption);
    }

    [Theory]
    [InlineData("{", "line 2 of * is not JSON")]
    [InlineData("[]", "line 2 of * has no file_name")]
    [InlineData("{\"text\": \"a\"}", "line 2 of * has no file_name")]
    [InlineData("{\"file_name\": \"../a.png\"}", "line 2 of * names the file ../a.png outside of the folder")]
    [InlineData("{\"file_name\": \"a.png\", \"text\": 3}", "line 2 of * has a 'text' that is no text")]
    [InlineData("{\"file_name\": \"a.png\", \"label\": -1}", "line 2 of * has a label that is no whole number of at least 0")]
    public void ABadLineOfTheMetadataIsNamed(string line, string sentence)
    {
        var file = folder.Write("metadata.jsonl", System.Text.Encoding.UTF8.GetBytes("{\"file_name\": \"a.png\"}\n" + line));
        var exception = Assert.Throws<DiffusionException>(() => ImageFolder.Open(folder.Path));
        Assert.StartsWith("DIF0524: " + sentence.Replace("*", file, StringComparison.Ordinal), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyOrMissingFolderIsRefused()
    {
        Assert.Equal("DIF0523", Assert.Throws<DiffusionException>(() => ImageFolder.Open(folder.Path)).Id);
        Assert.Equal("DIF0520", Assert.Throws<DiffusionException>(() => ImageFolder.Open(Path.Combine(folder.Path, "none"))).Id);
    }

    [Fact]
    public void ALookFindsEveryBrokenPictureByName()
    {
        folder.WritePicture("a.png", 2, 2, 1);
        folder.Write("b.png", "no picture"u8.ToArray());
        folder.WritePicture("c.png", 2, 2, 1);
        File.WriteAllBytes(Path.Combine(folder.Path, "c.png"), File.ReadAllBytes(Path.Combine(folder.Path, "c.png"))[..40]);
        var findings = ImageFolder.Open(folder.Path).Check();
        Assert.Equal(["DIF0562", "DIF0562"], findings.Select(finding => finding.Rule.Id));
        Assert.Equal(["b.png", "c.png"], findings.Select(finding => Path.GetFileName(finding.Arguments[0])));
    }

    [Fact]
    public void ProceduralDigitsAreADataSetWithAnEnd()
    {
        var data = new DigitData(new ProceduralDigits(4), 10);
        Assert.Equal(new ProceduralDigits(4).Sample(9).Image, data.Read(9).Image);
        Assert.Equal(10, data.Classes.Count);
        Assert.Equal("DIF0456", Assert.Throws<DiffusionException>(() => data.Read(10)).Id);
    }
}
