using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The cyclic redundancy check of PNG chunks (ISO 3309): polynomial 0xEDB88320, reflected.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = Enumerable.Range(0, 256).Select(Entry).ToArray();

    /// <summary>The check of a part of an array.</summary>
    public static uint Of(byte[] bytes, int start, int count)
    {
        var crc = uint.MaxValue;
        for (var i = start; i < start + count; i++)
        {
            crc = Table[(crc ^ bytes[i]) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint Entry(int index)
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320u;
        }

        return value;
    }
}
