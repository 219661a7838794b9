using Diffusion.Dsl;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>unCLIP, each step to the timestep before it as diffusers' step has it, with the small variance taken through its logarithm: ε-prediction, x̂_0 cut to [−1, 1].</summary>
internal sealed class EagerUnClip(EagerTable table) : EagerSampler(table)
{
    private readonly NoiseCurve _curve = NoiseSchedule.Cosine.WithTrainTimesteps(table.Noise.TrainTimesteps).Curve();

    protected override Tensor Step(int i, Tensor x)
    {
        var (alphaBar, previous) = (Pow(Table.At(i).Alpha, 2), Pow(Table.After(i).Alpha, 2));
        var beta = _curve.Beta((int)Table.Timestep(i));
        var m = Network(x);
        var original = ((x - (Sqrt(1 - alphaBar) * m)) / Sqrt(alphaBar)).clamp(-1, 1);
        var mean = (Sqrt(previous) * beta / (1 - alphaBar) * original) + (Sqrt(1 - beta) * (1 - previous) / (1 - alphaBar) * x);
        if (Table.Timestep(i) <= 0)
        {
            return mean;
        }

        var deviation = Exp(0.5 * Log(Max((1 - previous) / (1 - alphaBar) * beta, 1e-20)));
        return mean + (deviation * Noise());
    }
}
