using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;
using Diffusion.Runtime.Native;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights.Safetensors;

/// <summary>Writes safetensors files: the same bytes as the reference implementation for the same tensors.</summary>
public static unsafe class SafetensorsFile
{
    private const int ChunkBytes = 8 << 20;

    /// <summary>Writes tensors to a file, which appears whole or not at all; an older file of that name is replaced.</summary>
    /// <param name="path">Where to write; a missing folder is created.</param>
    /// <param name="tensors">The tensors by name, on any device; not changed.</param>
    /// <param name="type">The element type in the file of all floating-point tensors; null keeps each tensor's own. Other tensors keep theirs.</param>
    /// <param name="metadata">What the file says about itself; null is <c>format</c> = <c>pt</c>, which transformers asks for.</param>
    /// <exception cref="DiffusionException">DIF0510: an element type that the format lacks. DIF0514: the file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, ScalarType? type = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        LibTorch.Require();
        var parts = tensors
            .Select(pair => new Part(Entry(path, pair.Key, pair.Value, type), pair.Value))
            .OrderBy(part => ElementTypes.FileOrder(part.Entry.Type))
            .ThenBy(part => part.Entry.Name, Utf8Order)
            .ToArray();
        var header = Header(parts, metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
        try
        {
            AtomicFile.Write(path, stream =>
            {
                stream.Write(header);
                foreach (var part in parts)
                    Write(stream, part);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.CheckpointUnwritable.Found(path, e.Message.TrimEnd('.')), e);
        }
    }

    /// <summary>One tensor of the file.</summary>
    private sealed record Part(TensorEntry Entry, Tensor Tensor);

    // Rust compares strings by their UTF-8 bytes, which differs from UTF-16 beyond the basic plane.
    private static Comparer<string> Utf8Order { get; } = Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));

    private static TensorEntry Entry(string path, string name, Tensor tensor, ScalarType? type)
    {
        var stored = type is { } wanted && ElementTypes.IsFloat(tensor.dtype) ? wanted : tensor.dtype;
        return ElementTypes.IsKnown(stored)
            ? new TensorEntry(name, stored, tensor.shape.ToEquatableArray())
            : throw Rules.ElementTypeUnsupported.Error(name, path, stored, ElementTypes.Names);
    }

    private static byte[] Header(Part[] parts, IReadOnlyDictionary<string, string> metadata)
    {
        var text = new StringBuilder("{");
        if (metadata.Count > 0)
        {
            text.Append("\"__metadata__\":{");
            text.AppendJoin(',', metadata.OrderBy(pair => pair.Key, Utf8Order).Select(pair => Quote(pair.Key) + ":" + Quote(pair.Value)));
            text.Append(parts.Length > 0 ? "}," : "}");
        }

        var offset = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            var entry = parts[i].Entry;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(i > 0 ? "," : "")}{Quote(entry.Name)}:{{\"dtype\":\"{ElementTypes.SafetensorsName(entry.Type)}\",")
                .Append("\"shape\":[").AppendJoin(',', entry.Shape).Append("],")
                .Append(System.Globalization.CultureInfo.InvariantCulture, $"\"data_offsets\":[{offset},{offset + entry.ByteCount}]}}");
            offset += entry.ByteCount;
        }

        // The header is padded so that the elements start at a multiple of eight.
        var bytes = Encoding.UTF8.GetBytes(text.Append('}').ToString());
        var header = new byte[8 + ((bytes.Length + 7) / 8 * 8)];
        header.AsSpan(8).Fill((byte)' ');
        bytes.CopyTo(header, 8);
        BitConverter.TryWriteBytes(header, (ulong)header.Length - 8);
        return header;
    }

    // Escapes what JSON must and nothing else, as serde_json does.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                < ' ' => quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static void Write(FileStream stream, Part part)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var plain = part.Tensor.detach().to(CPU).to(part.Entry.Type).contiguous();
        byte* data;
        if (part.Entry.ByteCount == 0)
            return;
        if (GetData(plain.Handle, &data) != 0)
            throw new InvalidOperationException("libtorch gives no address of a CPU tensor.");
        for (var done = 0L; done < part.Entry.ByteCount; done += ChunkBytes)
            stream.Write(new ReadOnlySpan<byte>(data + done, (int)Math.Min(ChunkBytes, part.Entry.ByteCount - done)));
    }

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_get_data_ptr")]
    private static extern int GetData(nint tensor, byte** data);
}
