using System;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Tests.Imaging;

namespace Diffusion.Tests.Receipts;

/// <summary>Receipts in PNG files, good ones and bad ones.</summary>
public sealed class ReceiptFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("diffusion-receipts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AnImageKeepsItsReceiptThroughAFile()
    {
        var receipt = ReceiptCases.Whole.WithPictures(new ReceiptPicture(3) { Prompt = "円" });
        var image = ImageTests.Pattern(7, 5, 3).WithReceipt(receipt);
        image.Save(PathOf("a.png"));
        Assert.Equal(receipt, Receipt.Read(PathOf("a.png")));
        Assert.Equal(receipt.Pipeline, Pipeline.FromImage(PathOf("a.png")));
        Assert.Equal(image, Image.Load(PathOf("a.png")));
        Assert.Null(Image.Load(PathOf("a.png")).Receipt);

        // In the order in which readers that stop at the pixels need them.
        var chunks = PngFile.Chunks(System.IO.File.ReadAllBytes(PathOf("a.png"))).ToArray();
        Assert.Equal(["IHDR", "iTXt", "tEXt"], chunks.Take(3).Select(chunk => chunk.Type));
        Assert.All(chunks, chunk => Assert.True(chunk.IsWhole(System.IO.File.ReadAllBytes(PathOf("a.png")))));
    }

    [Fact]
    public void WithoutAReceiptTheFileSaysNothing()
    {
        var image = ImageTests.Pattern(7, 5, 1).WithReceipt(ReceiptCases.Whole).WithoutReceipt();
        Assert.Null(image.Receipt);
        image.Save(PathOf("a.png"));
        ImageTests.Pattern(7, 5, 1).Save(PathOf("b.png"));
        Assert.Equal(System.IO.File.ReadAllBytes(PathOf("b.png")), System.IO.File.ReadAllBytes(PathOf("a.png")));
        Refused(PathOf("a.png"), "DIF0460", "no text at all");
    }

    [Fact]
    public void OtherFormatsCarryNone()
    {
        ImageTests.Pattern(7, 5, 3).WithReceipt(ReceiptCases.Whole).Save(PathOf("a.webp"));
        Assert.Equal(-1, System.IO.File.ReadAllBytes(PathOf("a.webp")).AsSpan().IndexOf("diffusion-dsl"u8));
        Refused(PathOf("a.webp"), "DIF0459", "52 49 46 46");
    }

    [Fact]
    public void WhatIsEditedLosesItsReceiptAndWhatIsOnlyShownKeepsIt()
    {
        var image = ImageTests.Pattern(6, 6, 3).WithReceipt(ReceiptCases.Whole);
        Image[] edited = [image.Crop(0, 0, 3, 3), image.Resize(3, 3), image.ResizeBicubic(9, 9), image.FlipHorizontally(), image.ToGray(), image.WithCaption("1")];
        Assert.All(edited, other => Assert.Null(other.Receipt));
        Assert.Equal(ReceiptCases.Whole, image.Enlarge(2).Receipt);
        Assert.Equal(ReceiptCases.Whole, Image.Grid([image], padding: 1).Receipt);
        Assert.Null(Image.Grid([image, image.WithoutReceipt()]).Receipt);
        Assert.Null(Image.Grid([image.WithoutReceipt(), image]).Receipt);
        Assert.Equal(image, image.WithoutReceipt());
    }

    [Fact]
    public void AReceiptTakesThePlaceOfTheOneBefore()
    {
        var first = ReceiptCases.Whole.AddTo(ReceiptCases.Png);
        var second = ReceiptCases.Whole.WithPictures(new ReceiptPicture(1) { Prompt = "plain" }).AddTo(first);
        Assert.Equal(1, Written(second).Seed);
        Assert.Equal(["IHDR", "tEXt", "tEXt", "IDAT", "IEND"], PngFile.Chunks(second).Select(chunk => chunk.Type));
        Assert.Equal("DIF0459", Assert.Throws<DiffusionException>(() => ReceiptCases.Whole.AddTo([1, 2, 3])).Id);
    }

    // Made with zlib by another program: Latin-1, Latin-1 compressed, UTF-8, UTF-8 compressed with a language and a translated keyword.
    [Theory]
    [InlineData("0000001374455874646966667573696F6E2D64736C006772F6DF650AB46375", "größe")]
    [InlineData("0000001C7A545874646966667573696F6E2D64736C0000789C4B2FFA763F150008D50314D7902600", "größe")]
    [InlineData("0000001D69545874646966667573696F6E2D64736C00000000006772C3B6C39F6520E6BCA294D1C225", "größe 漢")]
    [InlineData("0000002D69545874646966667573696F6E2D64736C00010064650042656C656700789C4B2F3ABCEDF0FC5485677B16010025CB067E15FA720A", "größe 漢")]
    public void EveryKindOfTextIsRead(string hex, string text)
    {
        byte[] file = [.. ReceiptCases.Png[..33], .. Convert.FromHexString(hex), .. ReceiptCases.Png[33..]];
        var chunk = PngFile.Chunks(file).ElementAt(1);
        Assert.True(chunk.IsWhole(file));
        Assert.Equal(Receipt.Keyword, PngText.Keyword(file, chunk));
        Assert.Equal(text, PngText.Text(file, chunk));
    }

    [Theory]
    [InlineData("plain ASCII, ü and\na line", "tEXt")]
    [InlineData("漢", "iTXt")]
    [InlineData("a\rb\u0001", "iTXt")]
    public void ATextIsWrittenAsItsCharactersNeed(string text, string type)
    {
        byte[] file = [.. ReceiptCases.Png[..33], .. PngText.Chunk("key", text), .. ReceiptCases.Png[33..]];
        var chunk = PngFile.Chunks(file).ElementAt(1);
        Assert.Equal((type, text), (chunk.Type, PngText.Text(file, chunk)));
        Assert.True(chunk.IsWhole(file));
    }

    [Fact]
    public void BadFilesAreRefusedInOneSentenceEach()
    {
        var good = ReceiptCases.Whole.AddTo(ReceiptCases.Png);
        var start = PngFile.Chunks(good).Single(chunk => PngText.Keyword(good, chunk) == Receipt.Keyword).Data;
        Refused(PathOf("absent.png"), "DIF0561", "absent.png");
        Refused(File([]), "DIF0459", "it is empty");
        Refused(File("hello"u8.ToArray()), "DIF0459", "68 65 6c 6c");
        Refused(File(ReceiptCases.Png), "DIF0460", "no text at all");
        Refused(File([.. ReceiptCases.Png[..33], .. PngText.Chunk("parameters", "Steps: 1"), .. ReceiptCases.Png[33..]]), "DIF0460", "the texts \"parameters\"");
        Refused(File(good[..(start + 40)]), "DIF0461", "cut off");
        Refused(File([.. good[..(start + 40)], (byte)(good[start + 40] ^ 1), .. good[(start + 41)..]]), "DIF0461", "check sum");
        Refused(File(With("not json")), "DIF0462", "is not JSON");
        Refused(File(With("{}")), "DIF0462", "\"format\"");
        Refused(File(With("""{"format":1,"pipeline":3}""")), "DIF0462", "an object");
        Refused(File(With("""{"format":7}""")), "DIF0463", "the format 7");
        Refused(File(With("""{"format":1,"pipeline":{}}""")), "DIF0462", "\"sampled\"");
        Refused(File(With("""{"format":1,"pipeline":{"sampler":{"name":"Dream"}}}""")), "DIF0464", "the sampler 'Dream'");
        Refused(File([.. ReceiptCases.Png[..33], .. PngFile.Chunk("zTXt", [.. "diffusion-dsl"u8, 0, 0, 1, 2, 3, 4]), .. ReceiptCases.Png[33..]]), "DIF0461", "header");
        Refused(File([.. ReceiptCases.Png[..33], .. PngFile.Chunk("zTXt", [.. "diffusion-dsl"u8, 0, 0, 0x78, 0x9C, 0xFF, 0xFF]), .. ReceiptCases.Png[33..]]), "DIF0461", "");
        Refused(File([.. ReceiptCases.Png[..33], .. PngFile.Chunk("iTXt", [.. "diffusion-dsl"u8, 0, 0]), .. ReceiptCases.Png[33..]]), "DIF0461", "before its text");
    }

    [Fact]
    public void ReceiptsStandBehindThePixelsAsWell()
    {
        byte[] file = [.. ReceiptCases.Png[..^12], .. PngText.Chunk(Receipt.Keyword, ReceiptCases.Whole.ToString()), .. ReceiptCases.Png[^12..]];
        Assert.Equal(ReceiptCases.Whole, Written(file));
    }

    [Fact]
    public void NoDamageEndsInAnotherException()
    {
        var good = ReceiptCases.Whole.AddTo(ReceiptCases.Png);
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var bad = good[..random.Next(good.Length / 2, good.Length + 1)];
            bad[random.Next(bad.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                Assert.Equal(ReceiptCases.Whole, Written(bad));
            }
            catch (DiffusionException error)
            {
                Assert.InRange(error.Id, "DIF0459", "DIF0464");
            }
        }
    }

    private static byte[] With(string text) => [.. ReceiptCases.Png[..33], .. PngText.Chunk(Receipt.Keyword, text), .. ReceiptCases.Png[33..]];

    private Receipt Written(byte[] file) => Receipt.Read(File(file));

    private string File(byte[] bytes)
    {
        var path = PathOf("file.png");
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void Refused(string path, string id, string words)
    {
        var error = Assert.Throws<DiffusionException>(() => Receipt.Read(path));
        Assert.Equal(id, error.Id);
        Assert.Contains(words, Assert.Single(error.Findings).Message, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
