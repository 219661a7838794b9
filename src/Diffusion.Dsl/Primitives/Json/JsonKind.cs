namespace Diffusion.Dsl;

/// <summary>What a <see cref="JsonValue"/> is.</summary>
public enum JsonKind
{
    /// <summary><c>null</c>.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A number, <c>NaN</c>, <c>Infinity</c> or <c>-Infinity</c>.</summary>
    Number,

    /// <summary>A text between quotes.</summary>
    String,

    /// <summary>Values between brackets, in order.</summary>
    Array,

    /// <summary>Named values between braces, in order.</summary>
    Object,
}
