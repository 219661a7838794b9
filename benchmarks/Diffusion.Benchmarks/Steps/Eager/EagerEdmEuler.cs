using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>Euler on EDM networks with σ_data = 0.5, without churn; diffusers draws and scales the noise all the same.</summary>
internal sealed class EagerEdmEuler(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (sigma, next) = (Table.Sigma(i), Table.Sigma(i + 1));
        var total = (sigma * sigma) + 0.25;
        var m = Network(x * (1 / Sqrt(total)));
        _ = Noise() * 1.0;
        var original = (0.25 / total * x) + (sigma * 0.5 / Sqrt(total) * m);
        var derivative = (x - original) / sigma;
        return x + (derivative * (next - sigma));
    }
}
