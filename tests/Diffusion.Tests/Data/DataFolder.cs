using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Diffusion.Runtime;

namespace Diffusion.Tests.Data;

/// <summary>A temporary folder with tiny data files; gone when disposed.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("diffusion-data-");

    public string Path => folder.FullName;

    public string Write(string name, byte[] bytes, bool packed = false)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var memory = new MemoryStream();
        if (packed)
        {
            using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(bytes);
            bytes = memory.ToArray();
        }

        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string WritePicture(string name, int width, int height, byte value, int channels = 1)
    {
        var path = System.IO.Path.Combine(Path, name);
        new Image(width, height, channels, [.. Enumerable.Repeat(value, width * height * channels)]).Save(path);
        return path;
    }

    /// <summary>An IDX file of unsigned bytes.</summary>
    public static byte[] Idx(int[] axes, byte[] elements)
    {
        var bytes = new byte[4 + (4 * axes.Length)];
        (bytes[2], bytes[3]) = (8, (byte)axes.Length);
        for (var i = 0; i < axes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), axes[i]);
        return [.. bytes, .. elements];
    }

    /// <summary>Count records of CIFAR; record i has the label i and pixels i (red), i + 1 (green), i + 2 (blue).</summary>
    public static byte[] Cifar(int count, bool hundred = false) => [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)1, hundred ? 1 : 0)
        .Append((byte)i)
        .Concat(Enumerable.Range(0, 3 * 1024).Select(at => (byte)(i + (at / 1024)))))];

    public void Dispose() => folder.Delete(recursive: true);
}
