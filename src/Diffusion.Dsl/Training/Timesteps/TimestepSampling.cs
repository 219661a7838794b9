using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Which timesteps a training visits. A closed family.</summary>
public abstract record TimestepSampling
{
    private protected TimestepSampling()
    {
    }

    /// <summary>What is wrong with the numbers; empty if nothing is.</summary>
    public virtual IEnumerable<Finding> Check() => [];
}
