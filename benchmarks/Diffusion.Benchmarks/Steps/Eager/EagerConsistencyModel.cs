using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>The multistep consistency sampler with σ_data = 0.5 and σ_min = 0.002, x̂_0 cut to [−1, 1].</summary>
internal sealed class EagerConsistencyModel(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        const double Least = 0.002;
        var (sigma, next) = (Table.Sigma(i), Min(Max(Table.Sigma(i + 1), Least), 80));
        var m = Network(x / Sqrt((sigma * sigma) + 0.25));
        var skip = 0.25 / (((sigma - Least) * (sigma - Least)) + 0.25);
        var output = (sigma - Least) * 0.5 / Sqrt((sigma * sigma) + 0.25);
        var denoised = ((output * m) + (skip * x)).clamp(-1, 1);
        var noise = Noise() * 1.0;
        return denoised + (noise * Sqrt((next * next) - (Least * Least)));
    }
}
