using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using Diffusion.Dsl;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights;

/// <summary>A weights file that is open for reading, by copying or by mapping it into memory.</summary>
internal sealed class WeightFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private MemoryMappedFile? _mapping;
    private MemoryMappedViewAccessor? _view;

    private WeightFile(string path, SafeFileHandle handle, long length) => (Path, _handle, Length) = (path, handle, length);

    /// <summary>The path that was given.</summary>
    public string Path { get; }

    /// <summary>The number of bytes when the file was opened.</summary>
    public long Length { get; }

    /// <exception cref="DiffusionException">DIF0501: there is no such file. DIF0513: it cannot be opened.</exception>
    public static WeightFile Open(string path)
    {
        if (!File.Exists(path))
            throw Rules.CheckpointMissing.Error(path);

        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path);
            return new WeightFile(path, handle, RandomAccess.GetLength(handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw Unreadable(path, e);
        }
    }

    /// <summary>Fills a span with the bytes from a position on; the caller has compared both with <see cref="Length"/>.</summary>
    /// <exception cref="DiffusionException">DIF0513: the file became shorter, or cannot be read.</exception>
    public void Read(long offset, Span<byte> into)
    {
        try
        {
            while (into.Length > 0)
            {
                var count = RandomAccess.Read(_handle, into, offset);
                if (count == 0)
                    throw new EndOfStreamException("it became shorter while it was read");
                offset += count;
                into = into[count..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Path, e);
        }
    }

    /// <summary>The bytes from a position on.</summary>
    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>A tensor over the mapped file; the mapping lives as long as this object or any of its views.</summary>
    /// <param name="offset">The position of the first element: a multiple of the element's size.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The shape, in row-major order; at least one element, all inside the file.</param>
    public Tensor View(long offset, ScalarType type, long[] shape)
    {
        try
        {
            // Private to this process: writing to a view changes the page in memory and never the file.
            _mapping ??= MemoryMappedFile.CreateFromFile(_handle, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
            _view ??= _mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Path, e);
        }

        return MappedViews.Create(_view.SafeMemoryMappedViewHandle, offset, type, shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view?.Dispose();
        _mapping?.Dispose();
        _handle.Dispose();
    }

    private static DiffusionException Unreadable(string path, Exception e) => new(Rules.CheckpointUnreadable.Found(path, e.Message.TrimEnd('.')), e);
}
