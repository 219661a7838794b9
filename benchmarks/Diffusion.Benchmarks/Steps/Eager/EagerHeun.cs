using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>Heun: two slopes a step, one where the step ends at 0.</summary>
internal sealed class EagerHeun(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (sigma, next) = (Table.Sigma(i), Table.Sigma(i + 1));
        var original = x - (sigma * ScaledNetwork(x, sigma));
        var first = (x - original) / sigma;
        var predicted = x + (first * (next - sigma));
        if (Table.Evaluations(i) == 1)
        {
            return predicted;
        }

        var second = (predicted - (predicted - (next * ScaledNetwork(predicted, next)))) / next;
        return x + ((first + second) / 2 * (next - sigma));
    }
}
