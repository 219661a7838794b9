using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;

namespace Diffusion.Tests.Samplers;

/// <summary>Clean samples on a line, q(x_0) = Σ w_k N(μ_k, s_k²): their exact denoiser, and the probability flow that it makes.</summary>
/// <remarks>
/// At x = α x_0 + σ ε the k-th component is N(α μ_k, α² s_k² + σ²) and E[x_0 | x, k] = μ_k + α s_k² (x − α μ_k)/(α² s_k² + σ²). With y = x/α, r = σ/α and
/// τ = log r the flow is dy/dτ = y − E[x_0 | y, r] (Karras et al. 2022, arXiv:2206.00364, Eq. 3), which is smooth in τ.
/// </remarks>
internal sealed class GaussianMixture
{
    private const double LargestStep = 0.004;

    private static readonly (double Weight, double Mean, double Deviation)[] Components = [(0.5, -1.1, 0.5), (0.3, 0.4, 0.6), (0.2, 1.6, 0.7)];

    /// <summary>E[x_0 | x] at a level.</summary>
    public static double Clean(double x, NoiseLevel level)
    {
        var (total, mean) = (0.0, 0.0);
        foreach (var (weight, center, deviation) in Components)
        {
            var variance = (level.Alpha * level.Alpha * deviation * deviation) + (level.Sigma * level.Sigma);
            var distance = x - (level.Alpha * center);
            var density = weight / Math.Sqrt(variance) * Math.Exp(-distance * distance / (2 * variance));
            (total, mean) = (total + density, mean + (density * (center + (level.Alpha * deviation * deviation * distance / variance))));
        }

        return mean / total;
    }

    /// <summary>The output m of the exact network: the x̂_0 that the step reads from it, p x + q m, is E[x_0 | x].</summary>
    public static double Output(double x, EvaluateOp evaluate, Step step)
    {
        var convert = step.Ops.OfType<ConvertOp>().First(op => op.Stage == evaluate.Stage);
        return (Clean(x, evaluate.Level) - (convert.P * x)) / convert.Q;
    }

    /// <summary>Where the probability flow takes y = x/α from one ratio σ/α to another: Runge and Kutta's fourth order, extrapolated to the fifth.</summary>
    public static double Flow(double y, double from, double to)
    {
        var count = (int)Math.Ceiling(Math.Abs(Math.Log(to / from)) / LargestStep);
        var (time, step) = (Math.Log(from), count == 0 ? 0 : Math.Log(to / from) / count);
        for (var i = 0; i < count; i++, time += step)
        {
            var whole = RungeKutta(y, time, step);
            var halves = RungeKutta(RungeKutta(y, time, step / 2), time + (step / 2), step / 2);
            y = halves + ((halves - whole) / 15);
        }

        return y;
    }

    private static double RungeKutta(double y, double time, double step)
    {
        var first = Slope(y, time);
        var second = Slope(y + (step / 2 * first), time + (step / 2));
        var third = Slope(y + (step / 2 * second), time + (step / 2));
        var fourth = Slope(y + (step * third), time + step);
        return y + (step / 6 * (first + (2 * second) + (2 * third) + fourth));
    }

    private static double Slope(double y, double time) => y - Clean(y, NoiseLevel.Exploding(Math.Exp(time)));
}
