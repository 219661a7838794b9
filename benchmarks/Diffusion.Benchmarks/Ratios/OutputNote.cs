using System;
using System.Globalization;
using System.Linq;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>How far variants differ from the one they are compared with: what is timed must compute the same.</summary>
internal static class OutputNote
{
    /// <summary>What float32 may differ by, of the largest output.</summary>
    public const double Single = 1e-4;

    /// <summary>What bfloat16 may differ by.</summary>
    public const double Half = 0.05;

    /// <summary>The sentence that stands beside the times.</summary>
    /// <param name="expected">What all are compared with; disposed.</param>
    /// <param name="others">Who, what it gives, disposed, and what it may differ by.</param>
    /// <exception cref="InvalidOperationException">One differs by more.</exception>
    public static string Of(Tensor expected, params (string Name, Tensor Actual, double Tolerance)[] others)
    {
        var greatest = Greatest(expected);
        var errors = others.Select(other => (other.Name, Error: Greatest(expected - other.Actual.to(ScalarType.Float32)), other.Tolerance)).ToArray();
        expected.Dispose();
        foreach (var (_, actual, _) in others)
            actual.Dispose();

        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"largest output {greatest:0.00}; differences: {string.Join(", ", errors.Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Name} {error.Error:0.0e-00}")))}");

        return errors.All(error => error.Error <= error.Tolerance * greatest) ? note : throw new InvalidOperationException(note + "; the measurement would compare different things");
    }

    private static double Greatest(Tensor values)
    {
        using var scope = NewDisposeScope();

        return values.abs().max().to(ScalarType.Float64).item<double>();
    }
}
