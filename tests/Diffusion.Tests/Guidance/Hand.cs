using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Guidance;

/// <summary>One picture as numbers, and the formulas of the papers over them, element by element.</summary>
internal static class Hand
{
    /// <summary>Each picture of a batch.</summary>
    public static double[][] Pictures(Tensor batch)
    {
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, (int)batch.shape[0]).Select(i => batch[i].to(ScalarType.Float64).flatten().data<double>().ToArray())];
    }

    /// <summary>The largest difference between a batch and pictures.</summary>
    public static double Distance(Tensor batch, double[][] pictures) =>
        Pictures(batch).Zip(pictures, (one, other) => one.Zip(other, (a, b) => double.IsNaN(a - b) ? double.PositiveInfinity : Math.Abs(a - b)).Max()).Max();

    /// <summary>Σ w_k·v_k.</summary>
    public static double[] Sum(params (double Weight, double[] Values)[] terms) =>
        [.. Enumerable.Range(0, terms[0].Values.Length).Select(i => terms.Sum(term => term.Weight * term.Values[i]))];

    public static double Product(double[] one, double[] other) => one.Zip(other, (a, b) => a * b).Sum();

    public static double Norm(double[] values) => Math.Sqrt(Product(values, values));

    /// <summary>The deviation as torch has it, over n − 1.</summary>
    public static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    /// <summary>s*·u of CFG-Zero*.</summary>
    public static double[] Aligned(double[] u, double[] c) => Sum((Product(c, u) / (Product(u, u) + 1e-8), u));

    /// <summary>A direction, cut and projected as APG has it.</summary>
    public static double[] Projected(double[] direction, double[] c, double eta, double threshold)
    {
        var cut = threshold > 0 ? Sum((Math.Min(1, threshold / Norm(direction)), direction)) : direction;
        var parallel = Sum((Product(cut, c) / Product(c, c), c));
        return Sum((1, cut), (-1, parallel), (eta, parallel));
    }

    /// <summary>m rescaled to the deviation of c.</summary>
    public static double[] Rescaled(double[] m, double[] c, double rescale) => Sum(((rescale * Deviation(c) / Deviation(m)) + 1 - rescale, m));

    /// <summary>What a network says of each number, as RandomNetwork does.</summary>
    public static double[] Network(IEnumerable<double> x, double timestep, double phase) =>
        [.. x.Select(value => (0.5 * Math.Sin((0.7 * value) + phase)) + (0.1 * Math.Cos(timestep / 100)))];
}
