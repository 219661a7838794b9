using System.Collections.Generic;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>UniPC of second order on x̂_0 with B(h) = e^h − 1: the corrector with the new output, then the predictor.</summary>
internal sealed class EagerUniPC(EagerTable table) : EagerSampler(table)
{
    private readonly List<Tensor> _outputs = [];
    private Tensor? _last;
    private int _order;

    protected override Tensor Step(int i, Tensor x)
    {
        var original = SolverMath.CleanSample(SolverMath.Of(Table.Sigma(i)), x, Network(x));
        if (i > 0)
        {
            x = Corrected(i, original);
        }

        Remember(_outputs, original, 2);
        _order = Min(Min(2, Table.Count - i), i + 1);
        _last?.Dispose();
        _last = Keep(x.alias());
        return Predicted(i, x);
    }

    protected override void Reset()
    {
        _outputs.Clear();
        (_last, _order) = (null, 0);
    }

    private Tensor Predicted(int i, Tensor x)
    {
        var (from, to) = (SolverMath.Of(Table.Sigma(i)), SolverMath.Of(Table.Sigma(i + 1)));
        var h = to.Lambda - from.Lambda;
        var phi = ExpM1(-h);
        var start = (to.Sigma / from.Sigma * x) - (to.Alpha * phi * _outputs[0]);
        if (_order == 1)
        {
            return start - (to.Alpha * phi * 0);
        }

        var ratio = (SolverMath.Of(Table.Sigma(i - 1)).Lambda - from.Lambda) / h;
        var differences = stack([(_outputs[1] - _outputs[0]) / ratio], 1);
        var result = einsum("k,bkc...->bc...", tensor([0.5f]), differences);
        return start - (to.Alpha * phi * result);
    }

    private Tensor Corrected(int i, Tensor original)
    {
        var (from, to) = (SolverMath.Of(Table.Sigma(i - 1)), SolverMath.Of(Table.Sigma(i)));
        var h = to.Lambda - from.Lambda;
        var phi = ExpM1(-h);
        var start = (to.Sigma / from.Sigma * _last!) - (to.Alpha * phi * _outputs[0]);
        var difference = original - _outputs[0];
        if (_order == 1)
        {
            return start - (to.Alpha * phi * (0.5 * difference));
        }

        // ρ_1 + ρ_2 = b_1, r ρ_1 + ρ_2 = b_2.
        var ratio = (SolverMath.Of(Table.Sigma(i - 2)).Lambda - from.Lambda) / h;
        var one = (phi / -h) - 1;
        var two = (one / -h) - 0.5;
        var earlier = ((one / phi) - (2 * two / phi)) / (1 - ratio);
        var differences = stack([(_outputs[1] - _outputs[0]) / ratio], 1);
        var result = einsum("k,bkc...->bc...", tensor([(float)earlier]), differences);
        return start - (to.Alpha * phi * (result + (((one / phi) - earlier) * difference)));
    }

    /// <summary>e^x − 1, without cancellation near 0.</summary>
    private static double ExpM1(double x) => Abs(x) < 1e-5 ? x + (x * x / 2) : Exp(x) - 1;
}
