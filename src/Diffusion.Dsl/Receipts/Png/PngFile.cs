using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Diffusion.Dsl;

/// <summary>The chunks of a PNG file (W3C recommendation, third edition).</summary>
internal static class PngFile
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Whether the bytes begin as a PNG file does.</summary>
    public static bool Is(byte[] file) => file.Length >= Signature.Length && Signature.SequenceEqual(file.Take(Signature.Length));

    /// <summary>The chunks up to the last that is there as a whole.</summary>
    public static IEnumerable<PngChunk> Chunks(byte[] file)
    {
        var at = Signature.Length;
        while (at + 12 <= file.Length && Number(file, at) is var length && length <= file.Length - at - 12)
        {
            var chunk = new PngChunk(Encoding.ASCII.GetString(file, at + 4, 4), at, (int)length);
            yield return chunk;
            at = chunk.End;
        }
    }

    /// <summary>The file without some chunks, and with texts behind its header, where readers find them before the pixels.</summary>
    /// <param name="file">A PNG file.</param>
    /// <param name="keeps">Which chunks stay.</param>
    /// <param name="texts">Keywords with their texts, in order.</param>
    public static byte[] With(byte[] file, Func<PngChunk, bool> keeps, IEnumerable<KeyValuePair<string, string>> texts)
    {
        using var result = new MemoryStream(file.Length + 1024);
        result.Write(Signature, 0, Signature.Length);
        foreach (var chunk in Chunks(file).Where(keeps))
        {
            result.Write(file, chunk.Start, chunk.End - chunk.Start);
            foreach (var text in chunk.Type == "IHDR" ? texts : [])
            {
                var bytes = PngText.Chunk(text.Key, text.Value);
                result.Write(bytes, 0, bytes.Length);
            }
        }

        return result.ToArray();
    }

    /// <summary>A chunk as it stands in the file.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        Put(chunk, 0, (uint)data.Length);
        Encoding.ASCII.GetBytes(type, 0, 4, chunk, 4);
        data.CopyTo(chunk, 8);
        Put(chunk, data.Length + 8, Crc32.Of(chunk, 4, data.Length + 4));
        return chunk;
    }

    /// <summary>Four bytes, the highest first.</summary>
    public static uint Number(byte[] file, int at) => ((uint)file[at] << 24) | ((uint)file[at + 1] << 16) | ((uint)file[at + 2] << 8) | file[at + 3];

    private static void Put(byte[] into, int at, uint number)
    {
        for (var i = 0; i < 4; i++)
        {
            into[at + i] = (byte)(number >> (24 - (8 * i)));
        }
    }
}
