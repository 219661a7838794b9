using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>Euler for flow matching.</summary>
internal sealed class EagerFlowEuler(EagerTable table) : EagerSampler(table)
{
    protected override Tensor Step(int i, Tensor x) => x + ((Table.After(i).Sigma - Table.At(i).Sigma) * Network(x));
}
