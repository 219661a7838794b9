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

    /// <summary>Whether it compares with the network's output without the condition, which then is computed at the steps where it acts.</summary>
    public virtual bool ComparesWithUnconditional => false;

    /// <summary>Whether it says how the outputs with and without the condition are put together; a pipeline has at most one such guider.</summary>
    internal virtual bool CombinesConditions => false;

    /// <summary>Whether it changes anything at a step.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">The number of steps.</param>
    internal virtual bool ActsAt(int step, int steps) => true;

    /// <summary>The same guider without names of models: what a compiled sampler depends on.</summary>
    internal virtual Guider WithoutModels() => this;

    /// <summary>Everything that is wrong with this guider's own numbers; empty if nothing is.</summary>
    public abstract IEnumerable<Finding> Check();
}
