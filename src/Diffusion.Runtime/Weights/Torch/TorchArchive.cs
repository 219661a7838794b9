using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Torch;

/// <summary>The zip file that <c>torch.save</c> writes: a pickle that describes tensors, and a record of plain elements for each storage.</summary>
internal sealed class TorchArchive
{
    private const int MostPickleBytes = 256 << 20;
    private const int MostAxes = 64;
    private const long MostRepeated = 1 << 24;

    private readonly WeightFile _file;
    private readonly Dictionary<string, ZipEntry> _records;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private string _folder = "";

    private TorchArchive(WeightFile file) => (_file, _records) = (file, ZipDirectory.Read(file));

    /// <summary>The checkpoint in a file.</summary>
    /// <exception cref="DiffusionException">DIF0505: the file is damaged. DIF0506: its pickle asks for code. DIF0510: an element type that is not supported.</exception>
    public static MappedCheckpoint Read(WeightFile file)
    {
        var archive = new TorchArchive(file);
        archive.Read();
        return new MappedCheckpoint(file, archive._tensors.Values, archive._metadata);
    }

    private void Read()
    {
        var pickles = _records.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count(c => c == '/') == 1).ToArray();
        if (pickles is not [var pickle])
            throw Damaged($"it has {pickles.Length.ToString(CultureInfo.InvariantCulture)} records data.pkl, and not one");

        _folder = pickle[..^"data.pkl".Length];
        if (_records.TryGetValue(_folder + "byteorder", out var order) && (order.Length != 6 || !_file.Read(order.Offset, 6).AsSpan().SequenceEqual("little"u8)))
            throw Damaged("it was written on a machine of the other byte order");

        var record = _records[pickle];
        if (record.Length > MostPickleBytes)
            throw Damaged($"its pickle has {record.Length} bytes, more than the {MostPickleBytes} allowed");

        AddState(StateOf(PickleReader.Read(_file.Read(record.Offset, (int)record.Length), _file.Path)));
        if (_tensors.Count == 0)
            throw Damaged("it holds no tensors under names");
    }

    /// <summary>The dict that holds the tensors: what was saved, or its <c>state_dict</c>, as training frameworks nest it.</summary>
    private PickleDict StateOf(object? saved)
    {
        var dict = saved switch
        {
            PickleDict known => known,
            PickleUnknown unknown => throw Forbidden(unknown),
            _ => throw Damaged("it holds something else than a dict of tensors"),
        };
        return dict.Items.FirstOrDefault(item => item.Key is "state_dict").Value switch
        {
            PickleDict nested => Outer(dict, nested),
            PickleUnknown unknown => throw Forbidden(unknown),
            _ => dict,
        };
    }

    private PickleDict Outer(PickleDict outer, PickleDict nested)
    {
        foreach (var item in outer.Items)
            AddMetadata(item.Key, item.Value);
        return nested;
    }

    private void AddState(PickleDict state)
    {
        foreach (var (key, value) in state.Items)
        {
            if (value is PickleUnknown unknown)
                throw Forbidden(unknown); // it may be a tensor of a kind that is not known here, and must not be lost in silence
            if (value is not PickleTensor tensor)
                AddMetadata(key, value);
            else if (key is not string name)
                throw Damaged("a tensor in it has no name");
            else if (!_tensors.TryAdd(name, Place(name, tensor)))
                throw Damaged($"the tensor '{FileText.Printable(name)}' occurs twice");
        }
    }

    // Such as the epoch and the global_step of a training run.
    private void AddMetadata(object? key, object? value)
    {
        if (key is string name && value is string or long or double or bool)
            _metadata[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }

    private StoredTensor Place(string name, PickleTensor tensor)
    {
        var (storage, offset, shape, strides) = tensor;
        var size = ElementTypes.Size(storage.Type);
        if (!_records.TryGetValue(_folder + "data/" + storage.Key, out var record))
            throw Damaged($"the record of the tensor '{FileText.Printable(name)}' is missing");
        if (storage.Count > record.Length / size)
            throw Damaged($"the tensor '{FileText.Printable(name)}' needs a storage of {storage.Count} elements, but its record has {record.Length} bytes");
        if (shape.Count > MostAxes || StoredTensor.Count([.. shape]) is not { } count)
            throw Damaged($"the tensor '{FileText.Printable(name)}' has the impossible shape {shape}");

        // expand() repeats elements without storing them; far more than a position table needs is a bomb.
        if (count > storage.Count && count > MostRepeated)
            throw Damaged($"the tensor '{FileText.Printable(name)}' has {count} elements, but its storage only {storage.Count}");

        // In Int128, because steps of a damaged file may be anything up to 63 bits.
        var last = count == 0 ? 0 : shape.Zip(strides, (length, stride) => (Int128)(length - 1) * stride).Aggregate((Int128)offset, (sum, step) => sum + step);
        if (count > 0 ? last >= storage.Count : offset > storage.Count)
            throw Damaged($"the tensor '{FileText.Printable(name)}' reaches beyond its storage of {storage.Count} elements");

        var entry = new TensorEntry(name, storage.Type, shape);
        var start = record.Offset + (offset * size);
        return count == 0 || IsRowMajor(shape, strides)
            ? StoredTensor.Contiguous(entry, start)
            : new StoredTensor(entry, start, strides, (long)last - offset + 1);
    }

    private static bool IsRowMajor(IReadOnlyList<long> shape, IReadOnlyList<long> strides)
    {
        var step = 1L;
        for (var i = shape.Count - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && strides[i] != step)
                return false;
            step *= shape[i];
        }

        return true;
    }

    private DiffusionException Damaged(string how) => Rules.TorchFileDamaged.Error(_file.Path, how);

    private DiffusionException Forbidden(PickleUnknown unknown) => Rules.PickleForbidden.Error(_file.Path, unknown.Name);
}
