using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Weights;

/// <summary>A checkpoint whose tensors lie uncompressed in one file: safetensors, or the zip that PyTorch writes.</summary>
internal sealed unsafe class MappedCheckpoint : ICheckpointReader
{
    // Large enough for the disk and for conversion by several threads, small beside any model. Kept from tensor to tensor: the C library's
    // heap would not find the same hole again, and grow.
    private const int ChunkBytes = 4 << 20;

    private readonly WeightFile _file;
    private readonly Dictionary<string, StoredTensor> _tensors;
    private void* _chunk;

    /// <param name="file">The open file; disposed with this object.</param>
    /// <param name="tensors">Where its tensors lie; checked against the file's length.</param>
    /// <param name="metadata">What the file says about itself.</param>
    public MappedCheckpoint(WeightFile file, IEnumerable<StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        _file = file;
        _tensors = tensors.ToDictionary(tensor => tensor.Entry.Name, StringComparer.Ordinal);
        Entries = [.. _tensors.Values.Select(tensor => tensor.Entry).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        Metadata = metadata;
    }

    /// <inheritdoc/>
    public string Source => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Where in the file a tensor's first element lies, in bytes.</summary>
    public long Offset(string name) => Find(name).Offset;

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null, Device? device = null)
    {
        var stored = Find(name);
        var entry = stored.Entry;
        if ((type is null || type == entry.Type) && (device is null || device.type == TorchSharp.DeviceType.CPU) && IsViewable(stored))
            return View(stored);

        var result = empty([.. entry.Shape], type ?? entry.Type, device ?? CPU);
        try
        {
            Fill(stored, result);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor destination)
    {
        var stored = Find(name);
        if (!stored.Entry.Shape.SequenceEqual(destination.shape))
            throw Rules.TensorShape.Error(name, Source, stored.Entry.Shape, destination.shape.ToEquatableArray());

        Fill(stored, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_chunk);
        _chunk = null;
        _file.Dispose();
    }

    private StoredTensor Find(string name) => _tensors.TryGetValue(name, out var stored) ? stored : throw Checkpoint.Missing(this, name);

    // Bools are copied, because libtorch assumes 0 or 1 and a file may hold anything; so is what vector instructions could not load.
    private static bool IsViewable(StoredTensor stored) =>
        stored.Entry.Type != ScalarType.Bool && stored.Span > 0 && stored.Offset % ElementTypes.Size(stored.Entry.Type) == 0;

    private Tensor View(StoredTensor stored)
    {
        if (stored.Strides is not { } strides)
            return _file.View(stored.Offset, stored.Entry.Type, [.. stored.Entry.Shape]);

        using var flat = _file.View(stored.Offset, stored.Entry.Type, [stored.Span]);
        return flat.as_strided([.. stored.Entry.Shape], [.. strides], 0);
    }

    private void Fill(StoredTensor stored, Tensor destination)
    {
        if (stored.Span == 0)
            return;

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var target = destination.detach();
        var type = stored.Entry.Type;
        if (stored.Strides is { } strides)
        {
            var flat = empty(stored.Span, type);
            FillFlat(stored, flat);
            target.copy_(flat.as_strided([.. stored.Entry.Shape], [.. strides], 0));
        }
        else if (target.is_contiguous())
        {
            FillFlat(stored, target.view(-1));
        }
        else
        {
            var ordered = empty([.. stored.Entry.Shape], type);
            FillFlat(stored, ordered.view(-1));
            target.copy_(ordered);
        }
    }

    /// <summary>Reads all elements of a span, in file order, into a contiguous vector of any type and device.</summary>
    private void FillFlat(StoredTensor stored, Tensor target)
    {
        var type = stored.Entry.Type;
        var size = ElementTypes.Size(type);
        if (type == target.dtype && type != ScalarType.Bool && target.device.type == TorchSharp.DeviceType.CPU)
        {
            Read(stored.Offset, (byte*)Memory.Address(target), stored.Span * size);
            return;
        }

        var step = ChunkBytes / size;
        _chunk = _chunk is null ? NativeMemory.AlignedAlloc(ChunkBytes, 64) : _chunk;
        for (var done = 0L; done < stored.Span; done += step)
        {
            var count = Math.Min(step, stored.Span - done);
            Read(stored.Offset + (done * size), (byte*)_chunk, count * size);
            using var scope = NewDisposeScope();
            var part = OverChunk(type == ScalarType.Bool ? ScalarType.Byte : type, count);
            target.narrow(0, done, count).copy_(type == ScalarType.Bool ? part.to(ScalarType.Bool) : part);
        }
    }

    private void Read(long offset, byte* into, long bytes)
    {
        for (var done = 0L; done < bytes; done += ChunkBytes)
            _file.Read(offset + done, new Span<byte>(into + done, (int)Math.Min(ChunkBytes, bytes - done)));
    }

    private Tensor OverChunk(ScalarType type, long count)
    {
        nint tensor;
        var stride = 1L;
        return FromBlob(_chunk, 1, &count, &stride, 0, (int)type, (int)TorchSharp.DeviceType.CPU, -1, &tensor) == 0
            ? Tensor.UnsafeCreateTensor(tensor)
            : throw new InvalidOperationException("libtorch makes no tensor over a buffer.");
    }

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_create_tensor_from_blob")]
    private static extern int FromBlob(void* data, long axes, long* shape, long* strides, long offset, int type, int device, int deviceIndex, nint* tensor);
}
