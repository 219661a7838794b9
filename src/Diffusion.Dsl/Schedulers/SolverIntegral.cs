using System.Linq;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>
/// One step of a DPM-Solver with the linear part solved exactly: x_t = <see cref="Scale"/>·x_s + Σ <see cref="Differences"/>_k·D_k + <see cref="Noise"/>·z, where
/// D_0, D_1, D_2 are the integrated output and its divided differences in λ.
/// </summary>
/// <remarks>
/// <para>h = λ_t − λ_s. ++ (arXiv:2211.01095, Eq. 9): σ_t/σ_s; −α_t (e^(−h) − 1); α_t ((e^(−h) − 1)/h + 1); −α_t ((e^(−h) − 1 + h)/h² − ½)</para>
/// <para>first version (arXiv:2206.00927, Eq. 3.4 to 3.10): α_t/α_s; −σ_t (e^h − 1); −σ_t ((e^h − 1)/h − 1); −σ_t ((e^h − 1 − h)/h² − ½)</para>
/// <para>SDE ++ (2211.01095, Eq. 18): σ_t/σ_s e^(−h); α_t (1 − e^(−2h)); α_t (1 − (1 − e^(−2h))/(2h)); z: σ_t √(1 − e^(−2h))</para>
/// <para>SDE of the noise: α_t/α_s; twice those of the first version; z: σ_t √(e^(2h) − 1)</para>
/// <para>midpoint halves the factor of D_0 for D_1 in place of the integral. Where h is 0 nothing changes.</para>
/// </remarks>
/// <param name="Scale">The factor of x.</param>
/// <param name="Differences">The factors of D_0, D_1, D_2, as many as asked for.</param>
/// <param name="Noise">The deviation of fresh noise; null where none is drawn.</param>
internal sealed record SolverIntegral(double Scale, double[] Differences, double? Noise)
{
    /// <summary>The integral from one level to another.</summary>
    /// <param name="algorithm">Which integral.</param>
    /// <param name="from">The level of x.</param>
    /// <param name="to">The level at the end.</param>
    /// <param name="order">How many differences are asked for, 1 to 3; a step to σ = 0 has h = ∞ and takes 1.</param>
    /// <param name="isMidpoint">Whether the factor of D_1 is half that of D_0.</param>
    public static SolverIntegral Of(SolverAlgorithm? algorithm, NoiseLevel from, NoiseLevel to, int order, bool isMidpoint)
    {
        var h = to.Lambda - from.Lambda;
        if (h == 0)
        {
            return new(1, new double[order], algorithm is SolverAlgorithm.SdeDpmSolver or SolverAlgorithm.SdeDpmSolverPlusPlus ? 0 : null);
        }

        // Levels that diffusers keeps in float32 may rise by their last digit: h < 0 makes no noise.
        switch (algorithm)
        {
            case SolverAlgorithm.DpmSolver:
                return new(to.Alpha / from.Alpha, OfNoise(-to.Sigma), null);
            case SolverAlgorithm.SdeDpmSolver:
                return new(to.Alpha / from.Alpha, OfNoise(-2 * to.Sigma), to.Sigma * Sqrt(Max(0, Exp(2 * h) - 1)));
            case SolverAlgorithm.SdeDpmSolverPlusPlus:
                {
                    var e = 1 - Exp(-2 * h);
                    return new(to.Sigma / from.Sigma * Exp(-h), Taken(to.Alpha * e, to.Alpha * (isMidpoint ? e / 2 : 1 - (e / (2 * h))), 0), to.Sigma * Sqrt(Max(0, e)));
                }

            default:
                {
                    var e = Exp(-h) - 1;
                    return new(to.Sigma / from.Sigma, Taken(-to.Alpha * e, to.Alpha * (isMidpoint ? -e / 2 : (e / h) + 1), -to.Alpha * (((e + h) / (h * h)) - 0.5)), null);
                }
        }

        double[] OfNoise(double factor)
        {
            var e = Exp(h) - 1;
            return Taken(factor * e, factor * (isMidpoint ? e / 2 : (e / h) - 1), factor * (((e - h) / (h * h)) - 0.5));
        }

        double[] Taken(params double[] differences) => differences.Take(order).ToArray();
    }
}
