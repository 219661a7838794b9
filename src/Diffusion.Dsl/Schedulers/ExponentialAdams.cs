using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// Weights of exponential Adams methods: an output known at some places of a step is interpolated by a polynomial, and its product with an exponential is
/// integrated exactly. DEIS (arXiv:2204.13902), UniPC (arXiv:2302.04867) and SA-Solver (arXiv:2309.05019) are this integral with different exponents.
/// </summary>
/// <remarks>
/// <para>s in [0, 1] runs over the step; L_j is the Lagrange polynomial that is 1 at node j and 0 at the others.</para>
/// <para>W_j = ∫_0^1 L_j(s) e^(a (s − 1)) ds = Σ_k c_jk N_k(a), where L_j(s) = Σ_k c_jk s^k and N_k(a) = ∫_0^1 s^k e^(a (s − 1)) ds</para>
/// <para>N_k(a) = e^(−a) Σ_n a^n / (n! (n + k + 1)) = Σ_n (−a)^n k! / (n + k + 1)!; of the two, the series without alternating signs is summed.</para>
/// </remarks>
internal static class ExponentialAdams
{
    /// <summary>W_j of the nodes, in their order.</summary>
    /// <param name="rate">a.</param>
    /// <param name="nodes">Where outputs are known; all different.</param>
    /// <param name="slope">What stands in for N_1; null: N_1 itself.</param>
    public static double[] Weights(double rate, IReadOnlyList<double> nodes, double? slope = null)
    {
        var moments = Enumerable.Range(0, nodes.Count).Select(power => power == 1 && slope is { } given ? given : Moment(rate, power)).ToArray();
        return Enumerable.Range(0, nodes.Count).Select(j => Lagrange(nodes, j).Zip(moments, (coefficient, moment) => coefficient * moment).Sum()).ToArray();
    }

    /// <summary>N_k(a).</summary>
    /// <param name="rate">a.</param>
    /// <param name="power">k, at least 0.</param>
    public static double Moment(double rate, int power)
    {
        var (sum, term) = (0.0, 1.0);
        if (rate >= 0)
        {
            for (var n = 0; n <= rate || term > 1e-20 * sum; n++)
            {
                sum += term / (n + power + 1);
                term *= rate / (n + 1);
            }

            return Math.Exp(-rate) * sum;
        }

        term = 1.0 / (power + 1);
        for (var n = 0; n <= -rate || term > 1e-20 * sum; n++)
        {
            sum += term;
            term *= -rate / (n + power + 2);
        }

        return sum;
    }

    /// <summary>c_j0, c_j1, …: L_j multiplied out, one root at a time.</summary>
    private static double[] Lagrange(IReadOnlyList<double> nodes, int j)
    {
        var coefficients = new double[nodes.Count];
        coefficients[0] = 1;
        for (var i = 0; i < nodes.Count; i++)
        {
            if (i == j)
            {
                continue;
            }

            for (var power = nodes.Count - 1; power >= 0; power--)
            {
                coefficients[power] = ((power > 0 ? coefficients[power - 1] : 0) - (nodes[i] * coefficients[power])) / (nodes[j] - nodes[i]);
            }
        }

        return coefficients;
    }
}
