using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

namespace Diffusion.Dsl;

/// <summary>Texts in PNG files: <c>tEXt</c> (Latin-1), <c>zTXt</c> (the same, compressed) and <c>iTXt</c> (UTF-8, compressed or not).</summary>
internal static class PngText
{
    // No text of this kind is near it; what claims to be is a trap.
    private const int MostCharacters = 1 << 26;

    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The keyword of a chunk with text; null for other chunks.</summary>
    public static string? Keyword(byte[] file, PngChunk chunk)
    {
        var end = chunk.Type is "tEXt" or "zTXt" or "iTXt" ? Array.IndexOf(file, (byte)0, chunk.Data, chunk.Length) : -1;
        return end < 0 ? null : Latin1.GetString(file, chunk.Data, end - chunk.Data);
    }

    /// <summary>The text of a chunk that has a keyword.</summary>
    /// <exception cref="InvalidDataException">The chunk is not as its type has to be.</exception>
    public static string Text(byte[] file, PngChunk chunk)
    {
        var data = file.Skip(chunk.Data).Take(chunk.Length).SkipWhile(one => one != 0).Skip(1).ToArray();
        switch (chunk.Type)
        {
            case "tEXt":
                return Latin1.GetString(data);
            case "zTXt":
                return Latin1.GetString(data.Length > 1 && data[0] == 0 ? Unpacked(data, 1) : throw new InvalidDataException("its compression is unknown"));
            default:
                // Compression flag, compression method, language, 0, translated keyword, 0, text.
                var language = Array.IndexOf(data, (byte)0, Math.Min(2, data.Length));
                var keyword = language < 0 ? -1 : Array.IndexOf(data, (byte)0, language + 1);
                return keyword < 0 ? throw new InvalidDataException("it ends before its text") : Utf8.GetString(data[0] == 0 ? data.Skip(keyword + 1).ToArray() : Unpacked(data, keyword + 1));
        }
    }

    /// <summary>A chunk as other tools write it: <c>tEXt</c> where Latin-1 has every character, else <c>iTXt</c>.</summary>
    public static byte[] Chunk(string keyword, string text)
    {
        var clean = text.Replace('\0', ' ');
        return clean.All(c => c is '\n' or (>= ' ' and <= '~') or (>= '\u00A0' and <= '\u00FF'))
            ? PngFile.Chunk("tEXt", [.. Latin1.GetBytes(keyword), 0, .. Latin1.GetBytes(clean)])
            : PngFile.Chunk("iTXt", [.. Latin1.GetBytes(keyword), 0, 0, 0, 0, 0, .. Utf8.GetBytes(clean)]);
    }

    // zlib: two bytes of header, deflated data, four bytes of check that the chunk's own makes unnecessary.
    private static byte[] Unpacked(byte[] data, int start)
    {
        if (data.Length < start + 2 || (data[start] & 0x0F) != 8)
        {
            throw new InvalidDataException("its compressed text has no header");
        }

        using var packed = new DeflateStream(new MemoryStream(data, start + 2, data.Length - start - 2), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[4096];
        for (var count = packed.Read(buffer, 0, buffer.Length); count > 0; count = packed.Read(buffer, 0, buffer.Length))
        {
            plain.Write(buffer, 0, count);
            if (plain.Length > MostCharacters)
            {
                throw new InvalidDataException("its text is longer than any receipt");
            }
        }

        return plain.ToArray();
    }
}
