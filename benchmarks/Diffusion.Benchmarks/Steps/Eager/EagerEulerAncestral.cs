using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>Euler with ancestral noise.</summary>
internal sealed class EagerEulerAncestral(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (sigma, next) = (Table.Sigma(i), Table.Sigma(i + 1));
        var up = Sqrt(next * next * ((sigma * sigma) - (next * next)) / (sigma * sigma));
        var down = Sqrt((next * next) - (up * up));
        var m = ScaledNetwork(x, sigma);
        var original = x - (sigma * m);
        var derivative = (x - original) / sigma;
        var previous = x + (derivative * (down - sigma));
        return previous + (Noise() * up);
    }
}
