using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Diffusion.Dsl;

/// <content>Receipts in PNG files.</content>
public sealed partial record Receipt
{
    /// <summary>The keyword of the text in a PNG file that holds the receipt.</summary>
    public const string Keyword = "diffusion-dsl";

    /// <summary>The keyword of the text that other programs read.</summary>
    public const string ParametersKeyword = "parameters";

    /// <summary>The receipt in a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DiffusionException">
    /// DIF0561: the file cannot be opened. DIF0459: it is no PNG. DIF0460: it holds no receipt. DIF0461: the receipt is damaged. DIF0462: it says what no receipt says.
    /// DIF0463: it is of a later version. DIF0464: it names something that this version does not know.
    /// </exception>
    [ReadsFiles]
    public static Receipt Read(string path)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.ImageFileMissing.Found(path, e.Message.TrimEnd('.')), e);
        }

        var text = TextIn(file, path);
        try
        {
            return FromJson(JsonValue.Parse(text, "its text"));
        }
        catch (DiffusionException e) when (e.Findings[0].Rule != Rules.ReceiptTooNew && e.Findings[0].Rule != Rules.ReceiptUnknownName)
        {
            throw new DiffusionException(Rules.ReceiptNotUnderstood.Found(path, e.Findings[0].Message), e);
        }
    }

    /// <summary>The bytes of a PNG file with this receipt, in place of one that it had.</summary>
    /// <param name="png">The bytes of a PNG file; they stay as they are.</param>
    /// <exception cref="DiffusionException">DIF0459: the bytes are no PNG file.</exception>
    public byte[] AddTo(byte[] png)
    {
        CheckPng(png, "in memory");
        return PngFile.With(
            png,
            chunk => PngText.Keyword(png, chunk) is not (Keyword or ParametersKeyword),
            [new KeyValuePair<string, string>(ParametersKeyword, Parameters), new KeyValuePair<string, string>(Keyword, ToString())]);
    }

    private static string TextIn(byte[] file, string path)
    {
        CheckPng(file, path);
        var chunks = PngFile.Chunks(file).ToArray();
        if (chunks.FirstOrDefault(chunk => PngText.Keyword(file, chunk) == Keyword) is not { } found)
        {
            throw chunks.LastOrDefault()?.Type == "IEND" ? Rules.ReceiptMissing.Error(path, Texts(file, chunks)) : Rules.ReceiptDamaged.Error(path, "the file is cut off, or damaged before it");
        }

        if (!found.IsWhole(file))
        {
            throw Rules.ReceiptDamaged.Error(path, "its check sum is another than its bytes have");
        }

        try
        {
            return PngText.Text(file, found);
        }
        catch (InvalidDataException e)
        {
            throw new DiffusionException(Rules.ReceiptDamaged.Found(path, e.Message.TrimEnd('.')), e);
        }
    }

    private static string Texts(byte[] file, PngChunk[] chunks)
    {
        var keywords = chunks.Select(chunk => PngText.Keyword(file, chunk)).OfType<string>().Distinct().Take(8).ToArray();
        return keywords.Length == 0 ? "no text at all" : "the texts " + string.Join(", ", keywords.Select(keyword => JsonValue.Of(keyword).ToString()));
    }

    private static void CheckPng(byte[] file, string path)
    {
        if (!PngFile.Is(file))
        {
            throw Rules.ReceiptNotPng.Error(path, file.Length == 0 ? "it is empty" : "it begins with " + string.Join(" ", file.Take(4).Select(one => one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))));
        }
    }
}
