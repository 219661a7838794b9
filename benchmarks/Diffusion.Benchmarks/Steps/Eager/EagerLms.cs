using System.Collections.Generic;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>The linear multistep method of order 4; the weights are integrals of Lagrange polynomials.</summary>
internal sealed class EagerLms(EagerTable table) : EagerSampler(table)
{
    private readonly List<Tensor> _slopes = [];

    protected override Tensor Step(int i, Tensor x)
    {
        var sigma = Table.Sigma(i);
        var original = x - (sigma * ScaledNetwork(x, sigma));
        Remember(_slopes, (x - original) / sigma, 4);
        var order = Min(i + 1, 4);
        Tensor? sum = null;
        for (var k = 0; k < order; k++)
        {
            var term = Weight(order, i, k) * _slopes[k];
            sum = sum is null ? term : sum + term;
        }

        return x + sum!;
    }

    protected override void Reset() => _slopes.Clear();

    /// <summary>By the two points of Gauss, which are exact for cubics.</summary>
    private double Weight(int order, int i, int k)
    {
        var (middle, half) = ((Table.Sigma(i + 1) + Table.Sigma(i)) / 2, (Table.Sigma(i + 1) - Table.Sigma(i)) / 2);
        return half * (Lagrange(middle - (half / Sqrt(3))) + Lagrange(middle + (half / Sqrt(3))));

        double Lagrange(double sigma)
        {
            var product = 1.0;
            for (var j = 0; j < order; j++)
            {
                product *= j == k ? 1 : (sigma - Table.Sigma(i - j)) / (Table.Sigma(i - k) - Table.Sigma(i - j));
            }

            return product;
        }
    }
}
