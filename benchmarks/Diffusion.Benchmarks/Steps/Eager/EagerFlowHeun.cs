using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>Heun for flow matching without churn; diffusers draws and scales the noise all the same.</summary>
internal sealed class EagerFlowHeun(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x)
    {
        var (sigma, next) = (Table.At(i).Sigma, Table.After(i).Sigma);
        var m = Network(x);
        _ = Noise() * 1.0;
        var first = (x - (x - (m * sigma))) / sigma;
        var predicted = x + (first * (next - sigma));
        if (Table.Evaluations(i) == 1)
        {
            return predicted;
        }

        m = Network(predicted);
        _ = Noise() * 1.0;
        var second = (predicted - (predicted - (m * next))) / next;
        return x + (0.5 * (first + second) * (next - sigma));
    }
}
