using System.Collections.Generic;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>DPM-Solver++(2M): ε-prediction, midpoint, the last step of first order.</summary>
internal sealed class EagerDpmSolver(EagerTable table) : EagerSampler(table)
{
    private readonly List<Tensor> _outputs = [];

    protected override Tensor Step(int i, Tensor x)
    {
        var (from, to) = (SolverMath.Of(Table.Sigma(i)), SolverMath.Of(Table.Sigma(i + 1)));
        Remember(_outputs, SolverMath.CleanSample(from, x, Network(x)), 2);
        return i == 0 || i == Table.Count - 1
            ? SolverMath.First(from, to, x, _outputs[0])
            : SolverMath.Second(SolverMath.Of(Table.Sigma(i - 1)), from, to, x, _outputs[0], _outputs[1]);
    }

    protected override void Reset() => _outputs.Clear();
}
