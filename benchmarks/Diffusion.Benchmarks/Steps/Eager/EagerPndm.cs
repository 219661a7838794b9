using System.Collections.Generic;
using Diffusion.Dsl;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>PNDM: Runge-Kutta steps of four evaluations, then a linear multistep method.</summary>
internal sealed class EagerPndm(EagerTable table) : EagerSampler(table)
{
    private readonly List<Tensor> _outputs = [];

    protected override Tensor Step(int i, Tensor x)
    {
        var (from, to) = (Table.At(i), Table.After(i));
        var m = Network(x);
        if (Table.Evaluations(i) == 1)
        {
            Remember(_outputs, m, 4);
            return Transferred(from, to, x, AdamsBashforth.Of(_outputs));
        }

        Remember(_outputs, m.alias(), 4);
        Tensor sum = 1.0 / 6 * m;
        var sample = Transferred(from, Table.At(i, 2), x, m);
        for (var stage = 2; stage <= 3; stage++)
        {
            m = Network(sample);
            sum += 1.0 / 3 * m;
            sample = Transferred(from, Table.At(i, stage + 1), x, m);
        }

        return Transferred(from, to, x, sum + (1.0 / 6 * Network(sample)));
    }

    protected override void Reset() => _outputs.Clear();

    /// <summary>(9) of arXiv:2202.09778.</summary>
    private static Tensor Transferred(NoiseLevel from, NoiseLevel to, Tensor x, Tensor m)
    {
        var (alphaBar, previous) = (Pow(from.Alpha, 2), Pow(to.Alpha, 2));
        var denominator = (alphaBar * Sqrt(1 - previous)) + Sqrt(alphaBar * (1 - alphaBar) * previous);
        return (Sqrt(previous / alphaBar) * x) - ((previous - alphaBar) * m / denominator);
    }
}
