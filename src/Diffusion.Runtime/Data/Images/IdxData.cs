using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>Gray pictures and labels in IDX files, as MNIST, FashionMNIST and KMNIST come, packed with gzip or not. The files are read once, whole.</summary>
/// <remarks>An IDX file is: two zero bytes, the element type (8 is unsigned byte), the number of axes, each axis as a big-endian int32, then the elements.</remarks>
public sealed class IdxData : IImageData
{
    private readonly byte[] pixels;
    private readonly byte[]? labels;
    private readonly int start;
    private readonly int height;
    private readonly int width;

    private IdxData(string name, byte[] pixels, int start, int[] axes, byte[]? labels)
    {
        (Name, this.pixels, this.start, this.labels) = (name, pixels, start, labels);
        (Count, height, width) = (axes[0], axes[1], axes[2]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>Nothing: IDX files have no names of classes.</summary>
    public IReadOnlyList<string> Classes => [];

    /// <summary>Pictures of one file, with the labels of another.</summary>
    /// <param name="images">A file of three axes [N, H, W] of unsigned bytes.</param>
    /// <param name="labels">A file of one axis [N] of unsigned bytes; null: no labels.</param>
    /// <exception cref="DiffusionException">DIF0520: a file cannot be opened. DIF0521: it is damaged. DIF0522: the numbers of pictures and labels differ.</exception>
    public static IdxData Open(string images, string? labels = null)
    {
        var (bytes, start, axes) = Parse(images, 3, "pictures [N, H, W]");
        if (labels is null)
            return new IdxData(images, bytes, start, axes, null);

        var (values, first, counts) = Parse(labels, 1, "labels [N]");
        return counts[0] == axes[0]
            ? new IdxData(images, bytes, start, axes, values[first..])
            : throw Rules.LabelsDiffer.Error(labels, counts[0], images, axes[0]);
    }

    /// <summary>The training or test part of a folder with the four files of MNIST, under their usual names, plain or with <c>.gz</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="train">Whether the training part (60,000 pictures in MNIST), or the test part (10,000).</param>
    /// <exception cref="DiffusionException">DIF0520 to DIF0522: a file is missing, damaged or does not fit the other.</exception>
    public static IdxData OpenFolder(string folder, bool train = true)
    {
        var part = train ? "train" : "t10k";
        return Open(
            DataFile.Find(folder, part + "-images-idx3-ubyte", part + "-images.idx3-ubyte"),
            DataFile.Find(folder, part + "-labels-idx1-ubyte", part + "-labels.idx1-ubyte"));
    }

    /// <inheritdoc/>
    public ImageSample Read(int index)
    {
        if (index < 0 || index >= Count)
            throw Rules.DataRange.Error("index", index, FormattableString.Invariant($"0 to {Count - 1}"));

        var size = height * width;
        return new ImageSample(
            new Image(width, height, 1, pixels.AsSpan(start + (index * size), size).ToArray()),
            Name + " #" + index.ToString(CultureInfo.InvariantCulture),
            labels?[index]);
    }

    private static (byte[] Bytes, int Start, int[] Axes) Parse(string path, int axes, string what)
    {
        var bytes = DataFile.Read(path);
        var start = 4 + (4 * axes);
        if (bytes.Length < 4 || bytes[0] != 0 || bytes[1] != 0)
            throw Damaged("it does not begin with two zero bytes");
        if (bytes[2] != 8)
            throw Damaged($"its elements are of type 0x{bytes[2]:X2}, and only unsigned bytes (0x08) are read");
        if (bytes[3] != axes)
            throw Damaged($"it has {bytes[3]} axes, and {what} have {axes}");
        if (bytes.Length < start)
            throw Damaged("it ends within the list of its axes");

        var sizes = Enumerable.Range(0, axes).Select(axis => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 + (4 * axis)))).ToArray();
        if (sizes.Skip(1).Any(size => size < 1) || sizes[0] < 0)
            throw Damaged("it says that its axes are " + string.Join(" x ", sizes));

        var wanted = sizes.Aggregate(1.0, (product, size) => product * size);
        return bytes.Length - start == wanted
            ? (bytes, start, sizes)
            : throw Damaged(FormattableString.Invariant($"it says that it holds {string.Join(" x ", sizes)} bytes, and has {bytes.Length - start}"));

        DiffusionException Damaged(string why) => Rules.DataFileDamaged.Error(path, "IDX", why);
    }
}
