using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>DDIM with η = 0, and its inverse: ε-prediction, x̂_0 cut to [−1, 1].</summary>
internal sealed class EagerDdim(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (alphaBar, previous) = (Pow(Table.At(i).Alpha, 2), Pow(Table.After(i).Alpha, 2));
        var m = Network(x);
        var original = ((x - (Sqrt(1 - alphaBar) * m)) / Sqrt(alphaBar)).clamp(-1, 1);
        var direction = Sqrt(1 - previous) * m;
        return (Sqrt(previous) * original) + direction;
    }
}
