using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The integrals of the Lagrange polynomials over a set of nodes.</summary>
internal static class LagrangeIntegrals
{
    /// <summary>∫ ℓ_k(σ) dσ from the first node to <paramref name="end"/> for every k, where ℓ_k is 1 at the k-th node and 0 at the others.</summary>
    /// <param name="nodes">Different from each other.</param>
    /// <param name="end">Where the integral ends.</param>
    public static IReadOnlyList<double> Of(IReadOnlyList<double> nodes, double end) => nodes
        .Select((node, k) => Integral(nodes.Where((_, j) => j != k).Select(other => other - nodes[0]).ToArray(), node - nodes[0], end - nodes[0]))
        .ToArray();

    /// <summary>∫_0^length ∏_j (u − roots_j)/(node − roots_j) du.</summary>
    private static double Integral(double[] roots, double node, double length)
    {
        double[] polynomial = [1];
        foreach (var root in roots)
        {
            polynomial = Times(polynomial, root, node - root);
        }

        // Horner's rule on Σ a_j u^(j+1)/(j + 1).
        return length * polynomial.Select((factor, power) => factor / (power + 1)).Reverse().Aggregate(0.0, (sum, factor) => (sum * length) + factor);
    }

    /// <summary>a(u)·(u − root)/scale, the lowest power first.</summary>
    private static double[] Times(double[] polynomial, double root, double scale) => Enumerable.Range(0, polynomial.Length + 1)
        .Select(power => ((power > 0 ? polynomial[power - 1] : 0) - (power < polynomial.Length ? root * polynomial[power] : 0)) / scale)
        .ToArray();
}
