using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>DPM2 with ancestral noise; diffusers draws at both evaluations and uses the second.</summary>
internal sealed class EagerDpm2Ancestral(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (sigma, next) = (Table.Sigma(i), Table.Sigma(i + 1));
        var up = Sqrt(next * next * ((sigma * sigma) - (next * next)) / (sigma * sigma));
        var down = Sqrt((next * next) - (up * up));
        var m = ScaledNetwork(x, sigma);
        _ = Noise();
        var original = x - (sigma * m);
        var first = (x - original) / sigma;
        if (Table.Evaluations(i) == 1)
        {
            return x + (first * (next - sigma));
        }

        var middle = Table.At(i, 2).Ratio;
        var half = x + (first * (middle - sigma));
        var m2 = ScaledNetwork(half, middle);
        var noise = Noise();
        var second = (half - (half - (middle * m2))) / middle;
        var previous = x + (second * (down - sigma));
        return previous + (noise * up);
    }
}
