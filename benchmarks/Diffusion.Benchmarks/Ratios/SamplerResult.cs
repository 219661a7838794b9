using System;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>What one sampler spends in a step outside the network.</summary>
/// <param name="Name">The sampler.</param>
/// <param name="Eager">Operation by operation: the median.</param>
/// <param name="Compiled">Compiled: the median.</param>
/// <param name="Faster">How many times as fast compiled is: the middle of the ratios within a round.</param>
/// <param name="Error">The largest difference of the two results, relative to the largest element.</param>
internal sealed record SamplerResult(string Name, TimeSpan Eager, TimeSpan Compiled, double Faster, double Error);
