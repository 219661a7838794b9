using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Algebra on linear combinations of registers.</summary>
internal static class LinearForm
{
    /// <summary>The combination with every occurrence of <paramref name="register"/> replaced by <paramref name="value"/>; equal sources merged.</summary>
    public static EquatableArray<Term> Substitute(IEnumerable<Term> terms, Register register, EquatableArray<Term> value) =>
        Simplify(terms.SelectMany(term => term.Source == register
            ? value.Select(inner => new Term(inner.Source, term.Coefficient * inner.Coefficient))
            : [term]));

    /// <summary>One term for each source, in the papers' order. A coefficient of 0 stays, so that all steps keep one shape.</summary>
    public static EquatableArray<Term> Simplify(IEnumerable<Term> terms) => terms
        .GroupBy(term => term.Source)
        .Select(group => new Term(group.Key, group.Sum(term => term.Coefficient)))
        .OrderBy(term => Order(term.Source))
        .ToEquatableArray();

    /// <summary>x first, then the network's outputs, then x̂_0 and history: the order in which the papers write them.</summary>
    private static string Order(Register register) => register.Name switch
    {
        "x0" => "0",
        "x" => "1",
        "u" or "m" => "2",
        "c" => "3",
        _ => "4" + register.Name,
    };
}
