namespace Diffusion.Dsl;

/// <summary>An option with its value, as a person reads it.</summary>
/// <param name="Name">The word in code.</param>
/// <param name="Value">The value's text.</param>
/// <param name="Origin">Who said it.</param>
internal sealed record ResolvedOption(string Name, string Value, OptionOrigin Origin)
{
    public static ResolvedOption Of(string name, object value, OptionOrigin origin) => new(name, Signature.Value(value), origin);
}
