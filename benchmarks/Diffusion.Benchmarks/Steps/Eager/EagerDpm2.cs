using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>DPM2: the slope in the middle of the step.</summary>
internal sealed class EagerDpm2(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (sigma, next) = (Table.Sigma(i), Table.Sigma(i + 1));
        var original = x - (sigma * ScaledNetwork(x, sigma));
        var first = (x - original) / sigma;
        if (Table.Evaluations(i) == 1)
        {
            return x + (first * (next - sigma));
        }

        var middle = Table.At(i, 2).Ratio;
        var half = x + (first * (middle - sigma));
        var second = (half - (half - (middle * ScaledNetwork(half, middle)))) / middle;
        return x + (second * (next - sigma));
    }
}
