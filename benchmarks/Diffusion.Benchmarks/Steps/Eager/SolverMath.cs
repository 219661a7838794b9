using Diffusion.Dsl;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>What the DPM-Solver family shares: α, σ and λ of a noise level, and its updates of first and second order on x̂_0.</summary>
internal static class SolverMath
{
    /// <summary>α, σ and λ of the variance-preserving level of a ratio.</summary>
    public static (double Alpha, double Sigma, double Lambda) Of(double ratio)
    {
        var level = NoiseLevel.Preserving(ratio);
        return (level.Alpha, level.Sigma, level.Lambda);
    }

    /// <summary>The levels of a network whose clean sample has scale 1.</summary>
    public static (double Alpha, double Sigma, double Lambda) Exploding(double sigma) => (1, sigma, -Log(sigma));

    /// <summary>x̂_0 of ε-prediction.</summary>
    public static Tensor CleanSample((double Alpha, double Sigma, double Lambda) level, Tensor x, Tensor m) => (x - (level.Sigma * m)) / level.Alpha;

    /// <summary>DPM-Solver++ of first order.</summary>
    public static Tensor First((double Alpha, double Sigma, double Lambda) from, (double Alpha, double Sigma, double Lambda) to, Tensor x, Tensor m)
    {
        var h = to.Lambda - from.Lambda;
        return (to.Sigma / from.Sigma * x) - (to.Alpha * (Exp(-h) - 1) * m);
    }

    /// <summary>DPM-Solver++(2M) in its midpoint form.</summary>
    public static Tensor Second((double Alpha, double Sigma, double Lambda) before, (double Alpha, double Sigma, double Lambda) from, (double Alpha, double Sigma, double Lambda) to, Tensor x, Tensor m, Tensor earlier)
    {
        var h = to.Lambda - from.Lambda;
        var ratio = (from.Lambda - before.Lambda) / h;
        var difference = 1 / ratio * (m - earlier);
        return (to.Sigma / from.Sigma * x) - (to.Alpha * (Exp(-h) - 1) * m) - (0.5 * (to.Alpha * (Exp(-h) - 1)) * difference);
    }
}
