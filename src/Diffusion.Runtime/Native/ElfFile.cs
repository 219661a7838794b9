using System;
using System.Buffers.Binary;
using System.IO;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Native;

/// <summary>Checks of a native library that the system's loader leaves out.</summary>
internal static class ElfFile
{
    /// <summary>
    /// Refuses a library that was cut off: the loader maps what the program headers say, and the first touch of a page behind the file's end
    /// kills the process.
    /// </summary>
    /// <param name="path">The library; anything but Linux has loaders that check, and nothing is read.</param>
    /// <exception cref="DiffusionException">DIF0604: the library is cut off, or no 64-bit ELF file. DIF0603: it cannot be read.</exception>
    public static void RequireComplete(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            using var file = File.OpenHandle(path);
            var header = Read(path, file, 0, 64);
            if (!header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            {
                throw Rules.NativeLibraryDamaged.Error(path, "its first bytes are not those of a 64-bit little-endian ELF file");
            }

            var size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54));
            var count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
            var table = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32));
            for (var i = 0; i < count; i++)
            {
                var segment = Read(path, file, table + ((long)i * size), 56);
                var offset = BinaryPrimitives.ReadUInt64LittleEndian(segment.AsSpan(8));
                var bytes = BinaryPrimitives.ReadUInt64LittleEndian(segment.AsSpan(32));
                if (BinaryPrimitives.ReadUInt32LittleEndian(segment) == 1 && (UInt128)offset + bytes > (UInt128)RandomAccess.GetLength(file))
                {
                    throw Rules.NativeLibraryDamaged.Error(path, "it is cut off");
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.NativeLibraryRefused.Found(path, exception.Message.TrimEnd('.')), exception);
        }
    }

    private static byte[] Read(string path, Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, int count)
    {
        var bytes = new byte[count];
        return offset >= 0 && RandomAccess.Read(file, bytes, offset) == count ? bytes : throw Rules.NativeLibraryDamaged.Error(path, "it is cut off");
    }
}
