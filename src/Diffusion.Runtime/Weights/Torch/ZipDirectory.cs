using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Torch;

/// <summary>Finds the records of a zip file whose records are stored without compression, as PyTorch writes them, so that they can be mapped.</summary>
/// <remarks>
/// Source: PKWARE, «.ZIP File Format Specification» 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 to 4.3.16 (its end)
/// and 4.5.3 (zip64). Checksums are not compared: PyTorch itself may leave them out (<c>set_crc32_options</c>).
/// </remarks>
internal sealed class ZipDirectory
{
    private const uint EndMark = 0x06054b50, End64Mark = 0x06064b50, Locator64Mark = 0x07064b50, EntryMark = 0x02014b50, LocalMark = 0x04034b50;
    private const int EndBytes = 22, End64Bytes = 56, Locator64Bytes = 20, EntryBytes = 46, LocalBytes = 30;
    private const int MostDirectoryBytes = 64 << 20;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly WeightFile _file;

    private ZipDirectory(WeightFile file) => _file = file;

    /// <summary>All records, by name.</summary>
    /// <exception cref="DiffusionException">DIF0505: the directory is damaged, or a record is compressed or encrypted or badly named.</exception>
    public static Dictionary<string, ZipEntry> Read(WeightFile file) => new ZipDirectory(file).Read();

    private Dictionary<string, ZipEntry> Read()
    {
        var (start, length, count) = FindDirectory();
        if (length > MostDirectoryBytes)
            throw Damaged($"its zip directory has {length} bytes, more than the {MostDirectoryBytes} allowed");

        var directory = _file.Read(start, (int)length);
        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        var at = 0;
        for (var i = 0L; i < count; i++)
        {
            var (entry, size) = ReadEntry(directory.AsSpan(at), start);
            at += size;
            if (!entries.TryAdd(entry.Name, entry))
                throw Damaged($"its zip has two records {FileText.Printable(entry.Name)}");
        }

        if (at != directory.Length)
            throw Damaged("its zip directory holds more than its records");

        RequireNoOverlap(entries.Values);
        return entries;
    }

    private (long Start, long Length, long Count) FindDirectory()
    {
        var tail = (int)Math.Min(_file.Length, EndBytes + ushort.MaxValue);
        var bytes = _file.Read(_file.Length - tail, tail);
        for (var i = tail - EndBytes; i >= 0; i--)
        {
            var end = bytes.AsSpan(i);
            if (U32(end, 0) == EndMark && U16(end, 20) == end.Length - EndBytes)
                return Checked(_file.Length - tail + i, end);
        }

        throw Damaged("the end of its zip directory is missing, as in a download that was cut off");
    }

    private (long Start, long Length, long Count) Checked(long endOffset, ReadOnlySpan<byte> end)
    {
        if (U16(end, 4) != 0 || U16(end, 6) != 0)
            throw Damaged("its zip is one of several volumes");

        ulong count = U16(end, 10), length = U32(end, 12), start = U32(end, 16);
        var limit = endOffset;
        if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
        {
            if (endOffset < Locator64Bytes)
                throw Damaged("its zip64 directory is missing");
            var locator = _file.Read(endOffset - Locator64Bytes, Locator64Bytes);
            var offset64 = U64(locator, 8);
            if (U32(locator, 0) != Locator64Mark || offset64 > (ulong)(endOffset - Locator64Bytes) || (ulong)(endOffset - Locator64Bytes) - offset64 < End64Bytes)
                throw Damaged("its zip64 directory is missing");
            var end64 = _file.Read((long)offset64, End64Bytes);
            if (U32(end64, 0) != End64Mark)
                throw Damaged("its zip64 directory is missing");
            (count, length, start, limit) = (U64(end64, 32), U64(end64, 40), U64(end64, 48), (long)offset64);
        }

        return start <= (ulong)limit && length <= (ulong)limit - start && count <= length / EntryBytes
            ? ((long)start, (long)length, (long)count)
            : throw Damaged("its zip directory lies outside the file");
    }

    private (ZipEntry Entry, int Size) ReadEntry(ReadOnlySpan<byte> bytes, long directoryStart)
    {
        if (bytes.Length < EntryBytes || U32(bytes, 0) != EntryMark)
            throw Damaged("its zip directory breaks off or is overwritten");

        int nameLength = U16(bytes, 28), extraLength = U16(bytes, 30), size = EntryBytes + nameLength + extraLength + U16(bytes, 32);
        if (bytes.Length < size)
            throw Damaged("its zip directory breaks off");

        var name = Name(bytes.Slice(EntryBytes, nameLength));
        if ((U16(bytes, 8) & 1) != 0 || U16(bytes, 10) != 0)
            throw Damaged($"its zip record {FileText.Printable(name)} is compressed or encrypted, which PyTorch never does");

        ulong packed = U32(bytes, 20), length = U32(bytes, 24), local = U32(bytes, 42);
        ReadZip64(bytes.Slice(EntryBytes + nameLength, extraLength), ref length, ref packed, ref local);
        return packed == length
            ? (new ZipEntry(name, DataOffset(name, local, length, directoryStart), (long)length), size)
            : throw Damaged($"its zip record {FileText.Printable(name)} has two lengths");
    }

    // Section 4.5.3: the field holds those values, in this order, that do not fit their 32 bits.
    private static void ReadZip64(ReadOnlySpan<byte> extra, ref ulong length, ref ulong packed, ref ulong local)
    {
        while (extra.Length >= 4 && extra.Length - 4 >= U16(extra, 2))
        {
            var field = extra.Slice(4, U16(extra, 2));
            if (U16(extra, 0) == 1)
            {
                Take(ref field, ref length);
                Take(ref field, ref packed);
                Take(ref field, ref local);
            }

            extra = extra[(4 + U16(extra, 2))..];
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref ulong value)
    {
        if (value != uint.MaxValue || field.Length < 8)
            return;
        value = U64(field, 0);
        field = field[8..];
    }

    private long DataOffset(string name, ulong local, ulong length, long directoryStart)
    {
        if (local > (ulong)directoryStart || (ulong)directoryStart - local < LocalBytes)
            throw Damaged($"its zip record {FileText.Printable(name)} lies outside the file");

        var header = _file.Read((long)local, LocalBytes);
        var start = local + LocalBytes + U16(header, 26) + U16(header, 28);
        return U32(header, 0) == LocalMark && start <= (ulong)directoryStart && length <= (ulong)directoryStart - start
            ? (long)start
            : throw Damaged($"its zip record {FileText.Printable(name)} lies outside the file");
    }

    private string Name(ReadOnlySpan<byte> bytes)
    {
        string name;
        try
        {
            name = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("the name of a zip record is not UTF-8");
        }

        // Nothing is ever unpacked to disk; but whoever writes such names means harm.
        var isBad = name.Length == 0 || name.Any(c => char.IsControl(c) || c is '\\' or ':') || Path.IsPathRooted(name) || name.Split('/').Contains("..");
        return isBad ? throw Damaged($"its zip has a record of the forbidden name '{FileText.Printable(name)}'") : name;
    }

    private void RequireNoOverlap(IEnumerable<ZipEntry> entries)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            if (entry.Offset < end)
                throw Damaged($"its zip record {FileText.Printable(entry.Name)} overlaps another one");
            end = entry.Offset + entry.Length;
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private DiffusionException Damaged(string how) => Rules.TorchFileDamaged.Error(_file.Path, how);
}
