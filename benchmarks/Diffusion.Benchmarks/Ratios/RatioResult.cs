using System.Collections.Generic;
using Diffusion.Benchmarks.Measuring;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>One measurement.</summary>
/// <param name="Name">What was measured, with its size.</param>
/// <param name="Samples">The variants; the first is the baseline.</param>
/// <param name="Options">How it was taken.</param>
/// <param name="Note">What the reader must know to read the numbers; may be null.</param>
internal sealed record RatioResult(string Name, IReadOnlyList<Samples> Samples, RatioOptions Options, string? Note = null);
