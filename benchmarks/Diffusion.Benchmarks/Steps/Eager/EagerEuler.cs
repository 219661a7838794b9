using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>Euler without churn; diffusers draws and scales the noise all the same.</summary>
internal sealed class EagerEuler(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (sigma, next) = (Table.Sigma(i), Table.Sigma(i + 1));
        var m = ScaledNetwork(x, sigma);
        _ = Noise() * 1.0;
        var original = x - (sigma * m);
        var derivative = (x - original) / sigma;
        return x + (derivative * (next - sigma));
    }
}
