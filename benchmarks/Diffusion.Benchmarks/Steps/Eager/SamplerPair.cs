namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>One sampler in both forms.</summary>
/// <param name="Name">The sampler.</param>
/// <param name="Steps">The number of its steps.</param>
/// <param name="Run">Compiled.</param>
/// <param name="Eager">Operation by operation.</param>
/// <param name="Error">The largest difference of the two results, relative to the largest element.</param>
internal sealed record SamplerPair(string Name, int Steps, CompiledRun Run, EagerSampler Eager, double Error);
