using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

namespace Diffusion.Tests.Weights;

/// <summary>A folder of weights files that a test makes, deleted with it.</summary>
internal sealed class WeightsFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("diffusion-weights-").FullName;

    public static string Golden(string path) => Repository.PathOf("tests/Diffusion.Tests/Golden/models/" + path);

    public string PathOf(string name) => Path.Combine(Root, name);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>A safetensors file of any header and any data.</summary>
    public string Safetensors(string header, int dataBytes, string name = "model.safetensors") => Write(name, SafetensorsBytes(header, dataBytes));

    public static byte[] SafetensorsBytes(string header, int dataBytes)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. Enumerable.Range(0, dataBytes).Select(i => (byte)i)];
    }

    /// <summary>A PyTorch file of any pickle and any records.</summary>
    public string Torch(byte[] pickle, IReadOnlyDictionary<string, byte[]> records, string name = "pytorch_model.bin", bool compressed = false) =>
        Zip(name, records.ToDictionary(record => "archive/" + record.Key, record => record.Value).Prepend(new("archive/data.pkl", pickle)), compressed);

    public string Zip(string name, IEnumerable<KeyValuePair<string, byte[]>> records, bool compressed = false)
    {
        using (var zip = ZipFile.Open(PathOf(name), ZipArchiveMode.Create))
        {
            foreach (var (record, bytes) in records)
            {
                using var stream = zip.CreateEntry(record, compressed ? CompressionLevel.SmallestSize : CompressionLevel.NoCompression).Open();
                stream.Write(bytes);
            }
        }

        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
