using System.Collections.Generic;
using static System.Math;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>iPNDM of fourth order.</summary>
internal sealed class EagerIpndm(EagerTable table) : EagerSampler(table)
{
    private readonly List<Tensor> _outputs = [];

    protected override Tensor Step(int i, Tensor x)
    {
        var (from, to) = (Table.At(i), Table.After(i));
        Remember(_outputs, (x * from.Sigma) + (Network(x) * from.Alpha), 4);
        var combined = AdamsBashforth.Of(_outputs);
        var original = (x - (from.Sigma * combined)) / Max(from.Alpha, 1e-8);
        return (to.Alpha * original) + (combined * to.Sigma);
    }

    protected override void Reset() => _outputs.Clear();
}
