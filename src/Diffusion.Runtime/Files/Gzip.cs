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
        if (bytes is not [0x1F, 0x8B, ..])
            return bytes;

        using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        packed.CopyTo(plain);
        return plain.ToArray();
    }
}
