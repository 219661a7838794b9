using BenchmarkDotNet.Attributes;

namespace Diffusion.Benchmarks.Steps;

/// <summary>One DDIM step with classifier-free guidance. Not sealed, for BenchmarkDotNet derives from it.</summary>
[MemoryDiagnoser]
public class GuidedStepBenchmark
{
    private GuidedStep _step = null!;
    private (double Sample, double Unconditional, double Conditional) _factors;
    private FusedDdim _fused = null!;

    /// <summary>Whether the tensors are eight images rather than one image's latents.</summary>
    [Params(false, true)]
    public bool Images { get; set; }

    /// <summary>Makes the tensors.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _step = Images ? GuidedStep.Images() : GuidedStep.Latents();
        _factors = LinearDdim.Factors(_step, 501, 481);
        _fused = new FusedDdim(_step, _factors);
    }

    /// <summary>Frees the tensors.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _fused.Dispose();
        _step.Dispose();
    }

    /// <summary>One tensor operation an operator.</summary>
    [Benchmark(Baseline = true)]
    public void Eager() => EagerDdim.Step(_step, 501, 481).Dispose();

    /// <summary>One linear combination of tensor operations.</summary>
    [Benchmark]
    public void Linear() => LinearDdim.Step(_step, _factors).Dispose();

    /// <summary>One pass of this library's kernel.</summary>
    [Benchmark]
    public void Fused() => _fused.Step();
}
