using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Unicode;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights.Safetensors;

/// <summary>Reads and checks the header of a safetensors file.</summary>
/// <remarks>
/// Source: the format's description at https://huggingface.co/docs/safetensors: 8 bytes with the header's length N (little-endian), N bytes of
/// JSON (an object of {dtype, shape, data_offsets} and «__metadata__»), then the elements, without gaps, to the end of the file.
/// </remarks>
internal sealed class SafetensorsHeader
{
    // The reference implementation's limit: more is an attack or an error.
    private const long MostBytes = 100_000_000;

    // libtorch's kernels stop here.
    private const int MostAxes = 64;

    private readonly WeightFile _file;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private long _start;

    private SafetensorsHeader(WeightFile file) => _file = file;

    /// <summary>The checkpoint in a file.</summary>
    /// <exception cref="DiffusionException">DIF0504: the file is damaged. DIF0510: an element type that is not supported.</exception>
    public static MappedCheckpoint Read(WeightFile file)
    {
        var header = new SafetensorsHeader(file);
        header.Read();
        return new MappedCheckpoint(file, header._tensors.Values, header._metadata);
    }

    private void Read()
    {
        if (_file.Length < 8)
            throw Damaged($"it has {_file.Length} bytes, too few for the length of its header");

        var length = BinaryPrimitives.ReadUInt64LittleEndian(_file.Read(0, 8));
        if (length > MostBytes)
            throw Damaged($"its header claims {length} bytes, more than the {MostBytes} allowed");
        if (length > (ulong)(_file.Length - 8))
            throw Damaged($"its header claims {length} bytes, but {_file.Length - 8} follow");

        _start = 8 + (long)length;
        var text = _file.Read(8, (int)length);
        if (text is not [(byte)'{', ..])
            throw Damaged("its header does not start with '{'");
        if (!Utf8.IsValid(text))
            throw Damaged("its header is not UTF-8");

        try
        {
            ReadObject(text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Damaged("its header is not JSON that can be read: " + FileText.Printable(e.Message.TrimEnd('.')));
        }

        RequireCoverage();
    }

    private void ReadObject(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (name == "__metadata__")
                ReadMetadata(ref json);
            else
                ReadTensor(ref json, name);
        }

        // Reading on finds what follows the object: padding is allowed, anything else throws.
        json.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw Damaged("its __metadata__ is not an object");

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String)
                throw Damaged($"its metadata '{FileText.Printable(key)}' is not a string");
            if (!_metadata.TryAdd(key, json.GetString()!))
                throw Damaged($"its metadata '{FileText.Printable(key)}' occurs twice");
        }
    }

    private void ReadTensor(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw Damaged($"the entry of the tensor '{FileText.Printable(name)}' is not an object");

        string? type = null;
        long[]? shape = null, offsets = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            if (!seen.Add(key))
                throw Damaged($"the tensor '{FileText.Printable(name)}' has two members {FileText.Printable(key)}");
            json.Read();
            switch (key)
            {
                case "dtype":
                    type = json.TokenType == JsonTokenType.String ? json.GetString() : null;
                    break;
                case "shape":
                    shape = ReadNumbers(ref json, name, key);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref json, name, key);
                    break;
                default:
                    json.Skip(); // a later version of the format may say more
                    break;
            }
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
            throw Damaged($"the tensor '{FileText.Printable(name)}' lacks its dtype, its shape or its two data_offsets");
        if (!_tensors.TryAdd(name, Place(name, type, shape, begin, end)))
            throw Damaged($"the tensor '{FileText.Printable(name)}' occurs twice");
    }

    private StoredTensor Place(string name, string type, long[] shape, long begin, long end)
    {
        var known = ElementTypes.OfSafetensors(type)
            ?? throw Rules.ElementTypeUnsupported.Error(FileText.Printable(name), _file.Path, FileText.Printable(type), ElementTypes.Names);
        if (shape.Length > MostAxes)
            throw Damaged($"the tensor '{FileText.Printable(name)}' has {shape.Length} axes, more than the {MostAxes} allowed");
        if (begin > end || end > _file.Length - _start)
            throw Damaged($"the tensor '{FileText.Printable(name)}' claims the bytes {begin} to {end} of {_file.Length - _start}");
        if (StoredTensor.Count(shape) is not { } count || Math.BigMul(count, ElementTypes.Size(known), out var bytes) != 0 || bytes != end - begin)
            throw Damaged($"the tensor '{FileText.Printable(name)}' has {end - begin} bytes, which are not those of {type} elements of the shape {shape.ToEquatableArray()}");

        return StoredTensor.Contiguous(new TensorEntry(name, known, shape.ToEquatableArray()), _start + begin);
    }

    private long[] ReadNumbers(ref Utf8JsonReader json, string name, string key)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw Damaged($"the {key} of the tensor '{FileText.Printable(name)}' is not an array");

        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var number) || number < 0)
                throw Damaged($"the {key} of the tensor '{FileText.Printable(name)}' holds something else than whole numbers from 0 to 2^63 - 1");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>Tensors must follow each other without overlap and gap, from the first byte to the last.</summary>
    private void RequireCoverage()
    {
        var at = _start;
        foreach (var tensor in _tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Entry.ByteCount))
        {
            if (tensor.Offset != at)
                throw Damaged($"the tensor '{FileText.Printable(tensor.Entry.Name)}' starts at byte {tensor.Offset - _start}, but what precedes it ends at {at - _start}");
            at += tensor.Entry.ByteCount;
        }

        if (at != _file.Length)
            throw Damaged($"{_file.Length - at} bytes at its end belong to no tensor");
    }

    private DiffusionException Damaged(string how) => Rules.SafetensorsDamaged.Error(_file.Path, how);
}
