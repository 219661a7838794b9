using System;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Parity;

/// <summary>Reads the fields of a case, with sentences about what is missing.</summary>
internal static class Fields
{
    public static JsonValue Field(this JsonValue json, string key) =>
        json.Kind == JsonKind.Object && json.Find(key) is { } value ? value : throw new GoldenException($"the case has no '{key}' where one is needed");

    public static JsonValue Object(this JsonValue json, string key) =>
        json.Field(key) is { Kind: JsonKind.Object } value ? value : throw new GoldenException($"'{key}' should be an object");

    public static string Word(this JsonValue json, string key) =>
        json.Field(key) is { Kind: JsonKind.String } value ? value.AsString() : throw new GoldenException($"'{key}' should be a word");

    public static int Integer(this JsonValue json, string key) =>
        json.Field(key) is { IsInteger: true } value ? value.AsInt() : throw new GoldenException($"'{key}' should be a whole number");

    public static long[] Integers(this JsonValue json, string key) =>
        json.List(key).Select(item => item.IsInteger ? item.AsLong() : throw new GoldenException($"'{key}' should hold whole numbers")).ToArray();

    /// <summary>Recorded float32 values: their shortest text names the float, not the double nearest to that text.</summary>
    public static double[] Numbers(this JsonValue json, string key) => json.List(key).Select(item => (double)(float)ToNumber(item, key)).ToArray();

    public static double Number(this JsonValue json, string key) => ToNumber(json.Field(key), key);

    public static JsonValue[] List(this JsonValue json, string key) =>
        json.Field(key) is { Kind: JsonKind.Array } list ? [.. list.Items] : throw new GoldenException($"'{key}' should be a list");

    /// <summary>A float32 tensor of the given shape on the CPU.</summary>
    public static Tensor Tensor(this JsonValue json, string key, long[] shape) => ToTensor(json.Numbers(key), key, shape);

    /// <summary>A float32 tensor of the given shape on the CPU, from a list of numbers.</summary>
    public static Tensor ToTensor(double[] numbers, string key, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return numbers.Length == count
            ? tensor(Array.ConvertAll(numbers, number => (float)number), shape)
            : throw new GoldenException($"'{key}' has {numbers.Length} values, but the shape [{string.Join(", ", shape)}] has {count}");
    }

    // JSON has no infinities: the recordings spell them as strings.
    private static double ToNumber(JsonValue value, string key) => value.Kind switch
    {
        JsonKind.Number => value.AsDouble(),
        JsonKind.String when double.TryParse(value.AsString(), CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new GoldenException($"'{key}' should hold numbers"),
    };
}
