using System;
using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Writes a definition the way a person would: options that have their default are left out.</summary>
internal sealed class Signature(string name)
{
    private readonly List<string> _parts = [];

    public Signature Argument(object? value)
    {
        if (value is not null)
        {
            _parts.Add(Text.Of(value));
        }

        return this;
    }

    public Signature Option(string key, object? value, object? standard = null)
    {
        if (value is not null && !Equals(value, standard))
        {
            _parts.Add(key + ": " + Value(value));
        }

        return this;
    }

    /// <summary>An option's value: words as config files spell them.</summary>
    public static string Value(object value) => value is Enum word ? Names.Of(word) : Text.Of(value);

    public override string ToString() => name + "(" + string.Join(", ", _parts) + ")";
}
