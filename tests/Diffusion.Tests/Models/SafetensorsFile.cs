using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>A second, naive reader of safetensors, so that the models are tested apart from the library's own.</summary>
internal static class SafetensorsFile
{
    public static Dictionary<string, Tensor> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = JsonValue.Parse(Encoding.UTF8.GetString(bytes, 8, length));

        return header.Members
            .Where(member => member.Name != "__metadata__")
            .ToDictionary(member => member.Name, member => Read(member.Value, bytes.AsSpan(8 + length)));
    }

    private static Tensor Read(JsonValue entry, ReadOnlySpan<byte> data)
    {
        var dtype = entry["dtype"].AsString() switch
        {
            "F32" => ScalarType.Float32,
            "F16" => ScalarType.Float16,
            "I64" => ScalarType.Int64,
            var other => throw new NotSupportedException(other),
        };
        var start = entry["data_offsets"].Items[0].AsInt();
        var end = entry["data_offsets"].Items[1].AsInt();
        var tensor = empty([.. entry["shape"].Items.Select(size => size.AsLong())], dtype);
        data[start..end].CopyTo(tensor.bytes);

        return tensor;
    }
}
