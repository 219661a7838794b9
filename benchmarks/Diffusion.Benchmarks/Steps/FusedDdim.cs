using System;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps;

/// <summary>The same step as compiled samplers make it: one pass of this library's kernel, written over x.</summary>
internal sealed class FusedDdim(GuidedStep step, (double Sample, double Unconditional, double Conditional) factors) : IDisposable
{
    // Compiled samplers write over x itself; here x must stay as it is for the next timing.
    private readonly Tensor _target = empty_like(step.Sample);

    public void Step()
    {
        var halves = step.Output.chunk(2);
        using var unconditional = halves[0];
        using var conditional = halves[1];
        Combine.Into(_target, factors.Sample, step.Sample, factors.Unconditional, unconditional, factors.Conditional, conditional);
    }

    /// <summary>The largest difference from the step operation by operation, relative to its largest element.</summary>
    public double ErrorAgainst(Tensor eager)
    {
        Step();
        using var scope = NewDisposeScope();
        return ((_target - eager).abs().max() / eager.abs().max()).item<float>();
    }

    public void Dispose() => _target.Dispose();
}
