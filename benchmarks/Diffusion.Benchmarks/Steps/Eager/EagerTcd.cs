using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>TCD with γ = 0.3: ε-prediction.</summary>
internal sealed class EagerTcd(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (from, to, m) = (Table.At(i), Table.After(i), Network(x));
        var middle = Table.AlphaBar((int)Floor((float)((float)(1 - 0.3) * (float)Table.Timestep(i + 1))));
        var original = (x - (from.Sigma * m)) / from.Alpha;
        var noised = (Sqrt(middle) * original) + (Sqrt(1 - middle) * m);
        var ratio = to.Alpha * to.Alpha / middle;
        return i == Table.Count - 1 ? noised : (Sqrt(ratio) * noised) + (Sqrt(1 - ratio) * Noise());
    }
}
