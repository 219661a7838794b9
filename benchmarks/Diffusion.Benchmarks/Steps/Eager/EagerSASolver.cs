using System.Collections.Generic;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>SA-Solver of second order on x̂_0, predictor and corrector, with τ = 1 for t in [200, 800] and 0 elsewhere.</summary>
internal sealed class EagerSASolver(EagerTable table) : EagerSampler(table)
{
    private readonly List<Tensor> _outputs = [];
    private Tensor? _last;
    private Tensor? _noise;
    private int _corrector;

    protected override Tensor Step(int i, Tensor x)
    {
        var original = SolverMath.CleanSample(SolverMath.Of(Table.Sigma(i)), x, Network(x));
        if (i > 0)
        {
            x = Update(i - 1, _last!, _noise!, _corrector, [original, .. _outputs], [i, i - 1], isCorrector: true);
        }

        Remember(_outputs, original, 2);
        _corrector = Min(Min(2, Table.Count - i + 1), i + 2);
        _last?.Dispose();
        _noise?.Dispose();
        (_last, _noise) = (Keep(x.alias()), Keep(Noise()));
        return Update(i, x, _noise, Min(Min(2, Table.Count - i), i + 1), _outputs, [i, i - 1], isCorrector: false);
    }

    protected override void Reset()
    {
        _outputs.Clear();
        (_last, _noise, _corrector) = (null, null, 0);
    }

    /// <summary>The step from <paramref name="from"/> with outputs at the given places.</summary>
    private Tensor Update(int from, Tensor x, Tensor noise, int order, IReadOnlyList<Tensor> outputs, int[] places, bool isCorrector)
    {
        var (start, end) = (SolverMath.Of(Table.Sigma(from)), SolverMath.Of(Table.Sigma(from + 1)));
        var tau = Table.Timestep(from) is >= 200 and <= 800 ? 1.0 : 0.0;
        var (h, total) = (end.Lambda - start.Lambda, 1 + (tau * tau));
        var weights = Weights(order, start.Lambda, end.Lambda, places, total);
        if (order == 2)
        {
            var error = isCorrector
                ? (h / 2) - (((h * total) - 1 + Exp(total * -h)) / (total * total * h))
                : ((h * h / 2) - (((h * total) - 1 + Exp(total * -h)) / (total * total))) / (start.Lambda - Lambda(places[1]));
            weights[0] += Exp(total * end.Lambda) * error;
            weights[1] -= Exp(total * end.Lambda) * error;
        }

        var gradient = zeros_like(x);
        for (var k = 0; k < order; k++)
        {
            gradient.add_(total * end.Sigma * Exp(-tau * tau * end.Lambda) * weights[k] * outputs[k]);
        }

        var added = end.Sigma * Sqrt(1 - Exp(-2 * tau * tau * h)) * noise;
        return (Exp(-tau * tau * h) * (end.Sigma / start.Sigma) * x) + gradient + added;
    }

    /// <summary>∫ e^{(1+τ²)λ} of each Lagrange polynomial over the step.</summary>
    private double[] Weights(int order, double start, double end, int[] places, double total)
    {
        var constant = Exp(total * end) * (1 - Exp(-total * (end - start))) / total;
        if (order == 1)
        {
            return [constant];
        }

        var linear = Exp(total * end) * ((total * end) - 1 - (((total * start) - 1) * Exp(-total * (end - start)))) / (total * total);
        var (newer, older) = (Lambda(places[0]), Lambda(places[1]));
        return [(linear - (older * constant)) / (newer - older), (linear - (newer * constant)) / (older - newer)];
    }

    private double Lambda(int place) => SolverMath.Of(Table.Sigma(place)).Lambda;
}
