using System.Globalization;

namespace Diffusion.Dsl;

/// <summary>Writes doubles as Python's <c>repr</c> and <c>json</c> do: always a point or an exponent, an exponent below 1e-4 and from 1e16.</summary>
internal static class PythonFloat
{
    /// <summary><c>1.0</c>, <c>0.0001</c>, <c>1e-05</c>, <c>1.5e+16</c>, <c>NaN</c>, <c>-Infinity</c>.</summary>
    public static string Of(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        if (value.Equals(0d))
            return 1 / value < 0 ? "-0.0" : "0.0";

        var text = Text.Of(value < 0 ? -value : value);
        var e = text.IndexOf('E');
        var mantissa = e < 0 ? text : text.Substring(0, e);
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa.Substring(0, point);
        var digits = whole + (point < 0 ? "" : mantissa.Substring(point + 1));
        var exponent = whole.Length + (e < 0 ? 0 : int.Parse(text.Substring(e + 1), CultureInfo.InvariantCulture));
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Substring(leading).TrimEnd('0');
        exponent -= leading;

        return (value < 0 ? "-" : "") + Layout(digits, exponent);
    }

    // digits d₁d₂… and exponent n stand for 0.d₁d₂… × 10ⁿ.
    private static string Layout(string digits, int exponent)
    {
        if (exponent is > -4 and <= 0)
            return "0." + new string('0', -exponent) + digits;
        if (exponent is > 0 and <= 16)
        {
            return digits.Length > exponent
                ? digits.Substring(0, exponent) + "." + digits.Substring(exponent)
                : digits.PadRight(exponent, '0') + ".0";
        }

        var power = exponent - 1;
        var sign = power < 0 ? "-" : "+";
        var size = (power < 0 ? -power : power).ToString("00", CultureInfo.InvariantCulture);

        return digits.Substring(0, 1) + (digits.Length > 1 ? "." + digits.Substring(1) : "") + "e" + sign + size;
    }
}
