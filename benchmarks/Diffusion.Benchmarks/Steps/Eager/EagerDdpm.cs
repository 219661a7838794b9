using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>DDPM with the small variance: ε-prediction, x̂_0 cut to [−1, 1].</summary>
internal sealed class EagerDdpm(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (alphaBar, previous) = (Pow(Table.At(i).Alpha, 2), Pow(Table.After(i).Alpha, 2));
        var (alpha, beta) = (alphaBar / previous, 1 - (alphaBar / previous));
        var m = Network(x);
        var original = ((x - (Sqrt(1 - alphaBar) * m)) / Sqrt(alphaBar)).clamp(-1, 1);
        var mean = (Sqrt(previous) * beta / (1 - alphaBar) * original) + (Sqrt(alpha) * (1 - previous) / (1 - alphaBar) * x);
        if (Table.Timestep(i) <= 0)
        {
            return mean;
        }

        var variance = Max((1 - previous) / (1 - alphaBar) * beta, 1e-20);
        return mean + (Sqrt(variance) * Noise());
    }
}
