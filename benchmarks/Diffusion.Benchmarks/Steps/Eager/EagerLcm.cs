using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>LCM with σ_data = 0.5 and its timesteps scaled by 10: ε-prediction.</summary>
internal sealed class EagerLcm(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (from, to) = (Table.At(i), Table.After(i));
        var scaled = Table.Timestep(i) * 10;
        var (skip, output) = (0.25 / ((scaled * scaled) + 0.25), scaled / Sqrt((scaled * scaled) + 0.25));
        var original = (x - (from.Sigma * Network(x))) / from.Alpha;
        var denoised = (output * original) + (skip * x);
        return i == Table.Count - 1 ? denoised : (to.Alpha * denoised) + (to.Sigma * Noise());
    }
}
