using System.Collections.Generic;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// A compiled sampler: the loop of one pipeline spec, without models and without state. One instance serves any number of runs and threads.
/// </summary>
public abstract class Sampler
{
    /// <summary>Runs the loop lazily: each step is done when the next element is asked for.</summary>
    /// <param name="run">The tensors and models of this run.</param>
    public abstract IEnumerable<SamplingStep> Sample(SamplingRun run);
}
