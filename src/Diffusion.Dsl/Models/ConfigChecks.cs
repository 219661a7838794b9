using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What is wrong with one value of a model's configuration; null where nothing is.</summary>
internal static class ConfigChecks
{
    /// <summary>A word of several.</summary>
    public static Finding? Choice(string name, string value, params string[] allowed) =>
        allowed.Contains(value) ? null : Rules.UnknownChoice.Found(name, value, string.Join(", ", allowed));

    /// <summary>An activation.</summary>
    public static Finding? Activation(string name) => Choice("act_fn", name, "silu", "swish", "mish", "gelu", "relu");

    /// <summary>A number that counts something.</summary>
    public static Finding? AtLeastOne(string name, int value) => value >= 1 ? null : Rules.ConfigOutOfRange.Found(name, value, "1 or more");

    /// <summary>A factor.</summary>
    public static Finding? Positive(string name, double value) => value is > 0 and < double.PositiveInfinity ? null : Rules.ConfigOutOfRange.Found(name, value, "a positive number");

    /// <summary>ε of a norm.</summary>
    public static Finding? Epsilon(string name, double value) => value is > 0 and < 1 ? null : Rules.ConfigOutOfRange.Found(name, value, "a small positive number such as 1e-05");

    /// <summary>A share that is dropped.</summary>
    public static Finding? Dropout(string name, double value) => value is >= 0 and < 1 ? null : Rules.ConfigOutOfRange.Found(name, value, "a probability from 0 to below 1");

    /// <summary>Height and width, or one number for both.</summary>
    public static Finding?[] Size(string name, EquatableArray<int> size) =>
    [
        size.Count > 2 ? Rules.ConfigOutOfRange.Found(name, size, "one number for a square, or height and width") : null,
        size.Any(side => side < 1) ? Rules.ConfigOutOfRange.Found(name, size, "1 or more pixels") : null,
    ];
}
