using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Diffusion.Parity;

/// <summary>
/// A recorded formula of x and t, such as <c>0.5*sin(0.7*x + 0.0) + 0.1*cos(t/100)</c>: numbers, + − * /, brackets, sin, cos, exp, tanh.
/// What stands after a comma is a remark.
/// </summary>
internal sealed partial class Formula
{
    private readonly string[] _tokens;
    private readonly string _text;
    private Tensor _x = null!;
    private double _t;
    private int _next;

    private Formula(string text)
    {
        _text = text;
        _tokens = [.. Token().Matches(text.Split(',')[0]).Select(match => match.Value)];
    }

    /// <summary>The value for x, a tensor, and t; in x's type.</summary>
    /// <exception cref="GoldenException">The formula has something that is not known.</exception>
    public static Tensor Evaluate(string text, Tensor x, double t)
    {
        using var scope = NewDisposeScope();
        var formula = new Formula(text) { _x = x, _t = t };
        var value = formula.Sum();
        return formula._next == formula._tokens.Length ? value.to(x.dtype).expand_as(x).clone().MoveToOuterDisposeScope() : throw formula.Unknown();
    }

    // Numbers and t are 0-d float64 tensors, as Python's floats: they meet x only when they are one number.
    private Tensor Sum()
    {
        var value = Product();
        while (Peek() is "+" or "-")
        {
            value = Take() == "+" ? value + Product() : value - Product();
        }

        return value;
    }

    private Tensor Product()
    {
        var value = Factor();
        while (Peek() is "*" or "/")
        {
            value = Take() == "*" ? value * Factor() : value / Factor();
        }

        return value;
    }

    private Tensor Factor() => Take() switch
    {
        "-" => -Factor(),
        "(" => Inner(),
        "x" => _x,
        "t" => tensor(_t),
        "sin" => Argument().sin(),
        "cos" => Argument().cos(),
        "exp" => Argument().exp(),
        "tanh" => Argument().tanh(),
        { } text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => tensor(number),
        _ => throw Unknown(),
    };

    private Tensor Argument() => Take() == "(" ? Inner() : throw Unknown();

    private Tensor Inner()
    {
        var value = Sum();
        return Take() == ")" ? value : throw Unknown();
    }

    private string? Peek() => _next < _tokens.Length ? _tokens[_next] : null;

    private string? Take() => _next < _tokens.Length ? _tokens[_next++] : null;

    private GoldenException Unknown() => new($"the formula '{_text}' is not understood");

    [GeneratedRegex(@"[A-Za-z_]+|[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|\S")]
    private static partial Regex Token();
}
