using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>The stochastic DPM-Solver: a noisy half step, then a noisy step from where it began; Euler where the step ends at 0.</summary>
internal sealed class EagerDpmSolverSde(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (sigma, next) = (Table.Sigma(i), Table.Sigma(i + 1));
        var original = x - (sigma * ScaledNetwork(x, sigma));
        if (next == 0)
        {
            var derivative = (x - original) / sigma;
            return x + (derivative * (next - sigma));
        }

        var middle = Table.At(i, 2).Ratio;
        var half = Noisy(x, original, sigma, middle);
        return Noisy(x, half - (middle * ScaledNetwork(half, middle)), sigma, next);
    }

    private Tensor Noisy(Tensor x, Tensor original, double from, double to)
    {
        var up = Min(to, Sqrt(to * to * ((from * from) - (to * to)) / (from * from)));
        var down = Sqrt((to * to) - (up * up));
        var previous = (down / from * x) - (((down / from) - 1) * original);
        return previous + (Noise() * 1.0 * up);
    }
}
