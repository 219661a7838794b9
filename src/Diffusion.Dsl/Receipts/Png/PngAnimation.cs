using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>PNG files behind each other as one animation (W3C recommendation PNG, third edition, section 11.3.6).</summary>
public static class PngAnimation
{
    private const int TicksASecond = 1000;

    /// <summary>The animation, which plays again and again; programs that know none show its first picture.</summary>
    /// <param name="files">At least one PNG file, all of one size and colour type.</param>
    /// <param name="milliseconds">How long each is shown, 1 to 65,535.</param>
    public static byte[] Join(IReadOnlyList<byte[]> files, int milliseconds)
    {
        var first = (files ?? throw new ArgumentNullException(nameof(files)))[0];
        var header = PngFile.Chunks(first).Single(chunk => chunk.Type == "IHDR");
        using var result = new MemoryStream();
        result.Write(first, 0, header.End);
        Write(result, "acTL", Numbers((uint)files.Count, 0));
        var number = 0u;
        for (var i = 0; i < files.Count; i++)
        {
            Write(result, "fcTL", Control(number++, PngFile.Number(first, header.Data), PngFile.Number(first, header.Data + 4), milliseconds));
            foreach (var chunk in PngFile.Chunks(files[i]).Where(chunk => chunk.Type == "IDAT"))
            {
                var pixels = files[i].Skip(chunk.Data).Take(chunk.Length);
                Write(result, i == 0 ? "IDAT" : "fdAT", i == 0 ? pixels.ToArray() : [.. Numbers(number++), .. pixels]);
            }
        }

        Write(result, "IEND", []);
        return result.ToArray();
    }

    // Number of the chunk, size, offset; time as a fraction of a second; what was there before is painted over.
    private static byte[] Control(uint number, uint width, uint height, int milliseconds) =>
        [.. Numbers(number, width, height, 0, 0), (byte)(milliseconds >> 8), (byte)milliseconds, TicksASecond >> 8, TicksASecond & 0xFF, 0, 0];

    private static byte[] Numbers(params uint[] numbers) =>
        numbers.SelectMany(number => new[] { (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number }).ToArray();

    private static void Write(Stream stream, string type, byte[] data)
    {
        var chunk = PngFile.Chunk(type, data);
        stream.Write(chunk, 0, chunk.Length);
    }
}
