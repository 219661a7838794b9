using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

namespace Diffusion.Runtime.Files;

/// <summary>Files packed with gzip or not: the content decides, not the name.</summary>
internal static class Gzip
{
    /// <summary>The bytes behind the packing; the same bytes where there is none.</summary>
    /// <exception cref="InvalidDataException">The packed data are damaged or cut off.</exception>
    public static byte[] Unpacked(byte[] bytes)
    {
        if (bytes is not [0x1F, 0x8B, _, _, ..])
            return bytes;

        using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        packed.CopyTo(plain);

        // GZipStream takes the end of a file that was cut off for the end of the data. The last four bytes say how long they are; in a file of several parts, the last part.
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - sizeof(uint))) <= plain.Length ? plain.ToArray() : throw new InvalidDataException("the packed data end early");
    }
}
