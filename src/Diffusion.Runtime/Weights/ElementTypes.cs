using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights;

/// <summary>The element types that checkpoints may have, and what they are called in files.</summary>
internal static class ElementTypes
{
    /// <summary>One element type.</summary>
    /// <param name="Type">TorchSharp's name.</param>
    /// <param name="Size">Bytes an element.</param>
    /// <param name="Safetensors">The name in a safetensors header.</param>
    /// <param name="Storage">The storage class of PyTorch in a pickle.</param>
    private sealed record Row(ScalarType Type, int Size, string Safetensors, string Storage);

    // Ordered as safetensors orders the tensors of a file: by descending alignment, so that each starts at a multiple of its size.
    private static readonly Row[] Rows =
    [
        new(ScalarType.Int64, 8, "I64", "LongStorage"),
        new(ScalarType.Float64, 8, "F64", "DoubleStorage"),
        new(ScalarType.Float32, 4, "F32", "FloatStorage"),
        new(ScalarType.Int32, 4, "I32", "IntStorage"),
        new(ScalarType.BFloat16, 2, "BF16", "BFloat16Storage"),
        new(ScalarType.Float16, 2, "F16", "HalfStorage"),
        new(ScalarType.Int16, 2, "I16", "ShortStorage"),
        new(ScalarType.Int8, 1, "I8", "CharStorage"),
        new(ScalarType.Byte, 1, "U8", "ByteStorage"),
        new(ScalarType.Bool, 1, "BOOL", "BoolStorage"),
    ];

    private static readonly Dictionary<ScalarType, int> ByType = Rows.Select((row, i) => (row.Type, i)).ToDictionary();
    private static readonly Dictionary<string, ScalarType> BySafetensors = Rows.ToDictionary(row => row.Safetensors, row => row.Type, StringComparer.Ordinal);
    private static readonly Dictionary<string, ScalarType> ByStorage = Rows.ToDictionary(row => row.Storage, row => row.Type, StringComparer.Ordinal);

    /// <summary>The safetensors names of all types, for messages.</summary>
    public static string Names => string.Join(", ", Rows.Select(row => row.Safetensors));

    public static bool IsKnown(ScalarType type) => ByType.ContainsKey(type);

    public static int Size(ScalarType type) => Rows[ByType[type]].Size;

    public static string SafetensorsName(ScalarType type) => Rows[ByType[type]].Safetensors;

    /// <summary>The place of a type in a safetensors file: lower comes first.</summary>
    public static int FileOrder(ScalarType type) => ByType[type];

    public static ScalarType? OfSafetensors(string name) => BySafetensors.TryGetValue(name, out var type) ? type : null;

    public static ScalarType? OfStorage(string name) => ByStorage.TryGetValue(name, out var type) ? type : null;

    /// <summary>The element type of a precision.</summary>
    public static ScalarType Of(Precision precision) => precision switch
    {
        Precision.BFloat16 => ScalarType.BFloat16,
        Precision.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    public static bool IsFloat(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;
}
