using System;
using System.Buffers.Binary;
using System.Text;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Native;

/// <summary>
/// Reads the table of symbol versions that a 64-bit ELF library demands of others, and makes one demand optional.
/// </summary>
/// <remarks>
/// Source: «Symbol Versioning», Linux Standard Base Core 5.0, section 10.7. Each <c>Elfxx_Verneed</c> names a library, each of its
/// <c>Elfxx_Vernaux</c> a version; a vernaux whose flags have <c>VER_FLG_WEAK</c> (2) is not missed by the loader. The tables are found as the
/// loader finds them, through the dynamic segment, so that section headers do not matter.
/// </remarks>
internal sealed class ElfVersionNeed
{
    private const ushort Weak = 2;
    private const ulong StringTable = 5, Rela = 7, RelaSize = 8, JumpRela = 23, JumpRelaSize = 2;
    private const ulong VersionOfSymbol = 0x6ffffff0, VersionNeeds = 0x6ffffffe, VersionNeedCount = 0x6fffffff;

    private readonly byte[] image;
    private readonly string path;

    private ElfVersionNeed(byte[] image, string path) => (this.image, this.path) = (image, path);

    /// <summary>A copy in which the demand for one version is optional.</summary>
    /// <param name="original">The bytes of the library; not changed.</param>
    /// <param name="library">The library that the version is demanded of, such as <c>libstdc++.so.6</c>.</param>
    /// <param name="version">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="path">The library's path, for messages.</param>
    /// <returns>The copy, or null where there is no such demand, it is optional already, or something in the library uses a symbol of it.</returns>
    /// <exception cref="DiffusionException">DIF0604: the bytes are not a complete 64-bit little-endian ELF library.</exception>
    public static byte[]? MakeOptional(byte[] original, string library, string version, string path) =>
        new ElfVersionNeed((byte[])original.Clone(), path).MakeOptional(library, version);

    private byte[]? MakeOptional(string library, string version)
    {
        if (image.Length < 64 || !image.AsSpan(0, 6).SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw Damaged("its first bytes are not those of a 64-bit little-endian ELF file");
        }

        var strings = Dynamic(StringTable);
        var need = Dynamic(VersionNeeds);
        var needs = Dynamic(VersionNeedCount);
        if (strings is null || need is null || needs is null)
        {
            return null;
        }

        var names = Offset(strings.Value);
        var entry = Offset(need.Value);
        for (ulong i = 0; i < needs; i++)
        {
            var aux = entry + U32(entry + 8);
            var ofLibrary = Name(names + U32(entry + 4)) == library;
            for (var j = 0; j < U16(entry + 2); j++)
            {
                if (ofLibrary && Name(names + U32(aux + 8)) == version)
                {
                    return MakeOptional(aux);
                }

                aux += U32(aux + 12);
            }

            // The last entry points nowhere; without this test a damaged count would be walked on the spot.
            if (U32(entry + 12) == 0)
            {
                return null;
            }

            entry += U32(entry + 12);
        }

        return null;
    }

    private byte[]? MakeOptional(ulong aux)
    {
        var flags = U16(aux + 4);
        if ((flags & Weak) != 0 || IsUsed(U16(aux + 6)))
        {
            return null;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(Bytes(aux + 4, 2), (ushort)(flags | Weak));
        return image;
    }

    /// <summary>Whether a relocation refers to a symbol of this version: then the demand is real, and calling the symbol would crash.</summary>
    private bool IsUsed(ushort version)
    {
        if (Dynamic(VersionOfSymbol) is not { } address)
        {
            return true;
        }

        var versions = Offset(address);
        return AnyRelocation(Rela, RelaSize, versions, version) || AnyRelocation(JumpRela, JumpRelaSize, versions, version);
    }

    private bool AnyRelocation(ulong table, ulong size, ulong versions, ushort version)
    {
        if (Dynamic(table) is not { } address || Dynamic(size) is not { } bytes)
        {
            return false;
        }

        var start = Offset(address);
        for (ulong at = 0; at < bytes; at += 24)
        {
            var symbol = U64(start + at + 8) >> 32;
            if (symbol != 0 && (U16(versions + 2 * symbol) & 0x7fff) == version)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The value of an entry of the dynamic segment.</summary>
    private ulong? Dynamic(ulong tag)
    {
        var (start, size) = Segment(kind: 2, address: null) ?? throw Damaged("it has no dynamic segment");
        for (var at = start; at + 16 <= start + size; at += 16)
        {
            var found = U64(at);
            if (found == tag)
            {
                return U64(at + 8);
            }

            if (found == 0)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>Where in the file the byte at this address lies.</summary>
    private ulong Offset(ulong address)
    {
        var (start, _) = Segment(kind: 1, address) ?? throw Damaged("an address in it lies in no segment");
        return start;
    }

    /// <summary>Offset and size of the first program segment of a kind; with an address, the offset of that address.</summary>
    private (ulong Start, ulong Size)? Segment(uint kind, ulong? address)
    {
        var header = U64(32);
        for (var i = 0; i < U16(56); i++, header += U16(54))
        {
            var offset = U64(header + 8);
            var virtualAddress = U64(header + 16);
            var size = U64(header + 32);
            if (U32(header) != kind)
            {
                continue;
            }

            if (address is null)
            {
                return (offset, size);
            }

            if (address >= virtualAddress && address - virtualAddress < size)
            {
                return (offset + (address.Value - virtualAddress), size);
            }
        }

        return null;
    }

    private string Name(ulong at)
    {
        if (at >= (ulong)image.Length || Array.IndexOf(image, (byte)0, (int)at) is var end && end < 0)
        {
            throw Damaged("a name in it does not end");
        }

        return Encoding.ASCII.GetString(image, (int)at, end - (int)at);
    }

    private ushort U16(ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at, 2));

    private uint U32(ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(at, 4));

    private ulong U64(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(at, 8));

    private Span<byte> Bytes(ulong at, int count) => at <= (ulong)image.Length && (ulong)image.Length - at >= (ulong)count
        ? image.AsSpan((int)at, count)
        : throw Damaged("a table in it lies outside the file");

    private DiffusionException Damaged(string how) => Rules.NativeLibraryDamaged.Error(path, how);
}
