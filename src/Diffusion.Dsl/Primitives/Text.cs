using System;
using System.Globalization;

namespace Diffusion.Dsl;

/// <summary>The one way numbers and values are written: invariant, shortest that reads back exactly, equal on every machine.</summary>
internal static class Text
{
    /// <summary>A double such that parsing gives the same bits: <c>7.5</c>, <c>0.0001</c>, <c>1E-05</c>.</summary>
    public static string Of(double value)
    {
        // .NET Framework hosts (an IDE) print "R" with up to 17 digits where .NET prints the shortest: find the shortest ourselves.
        for (var digits = 15; digits < 17; digits++)
        {
            var text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var back) && back.Equals(value))
            {
                return text;
            }
        }

        return value.ToString("G17", CultureInfo.InvariantCulture);
    }

    /// <summary>A float such that parsing as float gives the same bits.</summary>
    public static string Of(float value)
    {
        for (var digits = 6; digits < 9; digits++)
        {
            var text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var back) && back.Equals(value))
            {
                return text;
            }
        }

        return value.ToString("G9", CultureInfo.InvariantCulture);
    }

    /// <summary>Any value as a person would write it in a definition.</summary>
    public static string Of(object? value) => value switch
    {
        null => "null",
        double number => Of(number),
        float number => Of(number),
        bool flag => flag ? "true" : "false",
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>As <see cref="Of(object?)"/>, for use as a generic method group.</summary>
    public static string Of<T>(T value) => Of((object?)value);
}
