using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Algebra on linear combinations of registers.</summary>
internal static class LinearForm
{
    /// <summary>Some units in the last place of a double; float32, in which samplers run, is a hundred million times coarser.</summary>
    private const double Rounding = 1e-15;

    /// <summary>The combination with every occurrence of <paramref name="register"/> replaced by <paramref name="value"/>; equal sources merged.</summary>
    public static EquatableArray<Term> Substitute(IEnumerable<Term> terms, Register register, EquatableArray<Term> value) =>
        Simplify(terms.SelectMany(term => term.Source == register
            ? value.Select(inner => new Term(inner.Source, Whole(term.Coefficient * inner.Coefficient)))
            : [term]));

    /// <summary>One term for each source, in the papers' order. A coefficient of 0 stays, so that all steps keep one shape.</summary>
    public static EquatableArray<Term> Simplify(IEnumerable<Term> terms) => terms
        .GroupBy(term => term.Source)
        .Select(group => new Term(group.Key, Sum(group.Select(term => term.Coefficient).ToArray())))
        .OrderBy(term => Order(term.Source))
        .ThenBy(term => term.Source.Name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>A sum that cancels but for rounding is 0.</summary>
    private static double Sum(double[] parts)
    {
        var sum = parts.Sum();
        return parts.Length > 1 && Math.Abs(sum) <= Rounding * parts.Sum(Math.Abs) ? 0 : parts.Length > 1 ? Whole(sum) : sum;
    }

    /// <summary>What is whole but for rounding is whole: σ·(1/σ) is 1.</summary>
    private static double Whole(double value) => Math.Abs(value - Math.Round(value)) <= Rounding * Math.Abs(value) ? Math.Round(value) : value;

    /// <summary>x̂_0 first, then x, then the network's outputs, then history: the order in which the papers write them.</summary>
    private static int Order(Register register) => register.Name[0] switch
    {
        'x' => register.Name == "x" ? 1 : 0,
        'u' or 'm' => 2,
        'c' => 3,
        _ => 4,
    };
}
