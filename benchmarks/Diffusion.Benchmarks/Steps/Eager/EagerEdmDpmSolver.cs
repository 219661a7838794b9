using System.Collections.Generic;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>DPM-Solver++(2M) on EDM networks with σ_data = 0.5.</summary>
internal sealed class EagerEdmDpmSolver(EagerTable table) : EagerSampler(table)
{
    private readonly List<Tensor> _outputs = [];

    protected override Tensor Step(int i, Tensor x)
    {
        var (from, to) = (SolverMath.Exploding(Table.Sigma(i)), SolverMath.Exploding(Table.Sigma(i + 1)));
        var total = (from.Sigma * from.Sigma) + 0.25;
        var m = Network(x * (1 / Sqrt(total)));
        Remember(_outputs, (0.25 / total * x) + (from.Sigma * 0.5 / Sqrt(total) * m), 2);
        return i == 0 || i == Table.Count - 1
            ? SolverMath.First(from, to, x, _outputs[0])
            : SolverMath.Second(SolverMath.Exploding(Table.Sigma(i - 1)), from, to, x, _outputs[0], _outputs[1]);
    }

    protected override void Reset() => _outputs.Clear();
}
