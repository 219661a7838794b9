using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>DPM-Solver++(2S): an evaluation in between, then the step from where it began.</summary>
internal sealed class EagerDpmSolverSinglestep(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (from, to) = (SolverMath.Of(Table.Sigma(i)), SolverMath.Of(Table.Sigma(i + 1)));
        var m1 = SolverMath.CleanSample(from, x, Network(x));
        if (Table.Evaluations(i) == 1)
        {
            return SolverMath.First(from, to, x, m1);
        }

        var middle = SolverMath.Of(Table.At(i, 2).Ratio);
        var half = SolverMath.First(from, middle, x, m1);
        var m0 = SolverMath.CleanSample(middle, half, Network(half));
        var h = to.Lambda - from.Lambda;
        var difference = 1 / ((middle.Lambda - from.Lambda) / h) * (m0 - m1);
        return (to.Sigma / from.Sigma * x) - (to.Alpha * (Exp(-h) - 1) * m1) - (0.5 * (to.Alpha * (Exp(-h) - 1)) * difference);
    }
}
