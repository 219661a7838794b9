using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>RGB pictures of 32 x 32 pixels and labels in the binary files of CIFAR-10 and CIFAR-100, packed with gzip or not. The files are read once, whole.</summary>
/// <remarks>A record is one label byte (two in CIFAR-100: coarse, then fine), then 1024 bytes each of red, green and blue, rows from the top.</remarks>
public sealed class CifarData : IImageData
{
    private const int Size = 32;
    private const int Plane = Size * Size;

    private readonly (string Path, byte[] Bytes)[] files;
    private readonly int labelBytes;
    private readonly int recordBytes;

    private CifarData(string name, (string Path, byte[] Bytes)[] files, int labelBytes, string[] classes)
    {
        (Name, this.files, this.labelBytes, recordBytes, Classes) = (name, files, labelBytes, labelBytes + (3 * Plane), classes);
        Count = files.Sum(file => file.Bytes.Length / recordBytes);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The pictures of some files, one behind the other.</summary>
    /// <param name="files">The files, at least one.</param>
    /// <param name="hundred">Whether they are of CIFAR-100, with two labels a picture, of which the fine one is read.</param>
    /// <exception cref="DiffusionException">DIF0520: a file cannot be opened. DIF0521: it is damaged. DIF0523: there are no files.</exception>
    public static CifarData Open(IEnumerable<string> files, bool hundred = false)
    {
        ArgumentNullException.ThrowIfNull(files);
        var paths = files.ToArray();
        return paths.Length > 0 ? Open(paths[0], paths, hundred, null) : throw Rules.NoData.Error("the list of files", "no files");
    }

    /// <summary>The training or test part of a folder as the archives unpack: <c>data_batch_1.bin</c> … of CIFAR-10, or <c>train.bin</c> of CIFAR-100.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="train">Whether the training part (50,000 pictures), or the test part (10,000).</param>
    /// <exception cref="DiffusionException">DIF0520: a file cannot be opened. DIF0521: it is damaged.</exception>
    public static CifarData OpenFolder(string folder, bool train = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var hundred = new[] { "train.bin", "train.bin.gz", "test.bin", "test.bin.gz" }.Any(name => File.Exists(Path.Combine(folder, name)));
        string[] paths = (hundred, train) switch
        {
            (true, _) => [DataFile.Find(folder, train ? "train.bin" : "test.bin")],
            (false, true) => [.. Enumerable.Range(1, 5).Select(i => DataFile.Find(folder, FormattableString.Invariant($"data_batch_{i}.bin")))],
            _ => [DataFile.Find(folder, "test_batch.bin")],
        };
        return Open(folder, paths, hundred, Path.Combine(folder, hundred ? "fine_label_names.txt" : "batches.meta.txt"));
    }

    /// <inheritdoc/>
    public ImageSample Read(int index)
    {
        if (index < 0 || index >= Count)
            throw Rules.DataRange.Error("index", index, FormattableString.Invariant($"0 to {Count - 1}"));

        var inFile = index;
        var file = 0;
        for (; inFile >= files[file].Bytes.Length / recordBytes; file++)
            inFile -= files[file].Bytes.Length / recordBytes;

        var data = files[file].Bytes.AsSpan(inFile * recordBytes, recordBytes);
        var pixels = new byte[3 * Plane];
        for (var i = 0; i < Plane; i++)
        {
            for (var channel = 0; channel < 3; channel++)
                pixels[(3 * i) + channel] = data[labelBytes + (channel * Plane) + i];
        }

        return new ImageSample(new Image(Size, Size, 3, pixels), files[file].Path + " #" + inFile.ToString(CultureInfo.InvariantCulture), data[labelBytes - 1]);
    }

    private static CifarData Open(string name, string[] paths, bool hundred, string? names)
    {
        var labelBytes = hundred ? 2 : 1;
        var record = labelBytes + (3 * Plane);
        var classes = names is not null && File.Exists(names) ? File.ReadAllLines(names).Where(line => line.Length > 0).ToArray() : [];
        return new CifarData(name, Array.ConvertAll(paths, path => (path, Checked(path))), labelBytes, classes);

        byte[] Checked(string path)
        {
            var bytes = DataFile.Read(path);
            if (bytes.Length == 0 || bytes.Length % record != 0)
                throw Rules.DataFileDamaged.Error(path, hundred ? "CIFAR-100" : "CIFAR-10", FormattableString.Invariant($"it has {bytes.Length} bytes, and records of {record}"));

            // A wrong kind of CIFAR passes as records now and then, but not with labels that exist.
            var most = hundred ? 99 : 9;
            for (var at = labelBytes - 1; at < bytes.Length; at += record)
            {
                if (bytes[at] > most)
                    throw Rules.DataFileDamaged.Error(path, hundred ? "CIFAR-100" : "CIFAR-10", FormattableString.Invariant($"picture {at / record} has the label {bytes[at]}, and labels go to {most}"));
            }

            return bytes;
        }
    }
}
