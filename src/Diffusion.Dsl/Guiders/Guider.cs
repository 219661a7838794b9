using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Something that steers sampling: an immutable definition beside the scheduler. Several compose in one <c>Guidance(…)</c>.</summary>
public abstract record Guider
{
    private protected Guider()
    {
    }

    /// <summary>The guider's name in messages and keys, such as <c>Cfg</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Everything that is wrong with this guider's own numbers; empty if nothing is.</summary>
    public abstract IEnumerable<Finding> Check();
}
