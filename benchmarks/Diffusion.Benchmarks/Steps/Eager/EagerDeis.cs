using System.Collections.Generic;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>DEIS of second order in log ρ: ε̂ through x̂_0, as diffusers converts.</summary>
internal sealed class EagerDeis(EagerTable table) : EagerSampler(table)
{
    private readonly List<Tensor> _outputs = [];

    protected override Tensor Step(int i, Tensor x)
    {
        var (from, to) = (SolverMath.Of(Table.Sigma(i)), SolverMath.Of(Table.Sigma(i + 1)));
        var original = SolverMath.CleanSample(from, x, Network(x));
        Remember(_outputs, (x - (from.Alpha * original)) / from.Sigma, 2);
        if (i == 0 || (i == Table.Count - 1 && Table.Count < 15))
        {
            return (to.Alpha / from.Alpha * x) - (to.Sigma * (Exp(to.Lambda - from.Lambda) - 1) * _outputs[0]);
        }

        var (t, b, c) = (Table.Sigma(i + 1), Table.Sigma(i), Table.Sigma(i - 1));
        var first = Integral(t, b, c) - Integral(b, b, c);
        var second = Integral(t, c, b) - Integral(b, c, b);
        return to.Alpha * ((x / from.Alpha) + (first * _outputs[0]) + (second * _outputs[1]));
    }

    protected override void Reset() => _outputs.Clear();

    /// <summary>∫ (log ρ − log c)/(log b − log c) dρ.</summary>
    private static double Integral(double rho, double b, double c) => rho * (Log(rho) - Log(c) - 1) / (Log(b) - Log(c));
}
