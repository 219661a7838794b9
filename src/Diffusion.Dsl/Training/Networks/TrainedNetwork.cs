using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>The network that a training changes, by what it is made from. A closed family.</summary>
public abstract record TrainedNetwork
{
    private protected TrainedNetwork()
    {
    }

    /// <summary>How many classes the network takes labels of; null: none, or not known before it is loaded.</summary>
    public virtual int? Classes => null;

    /// <summary>Whether the network has a place for «no label», as label dropout needs it.</summary>
    public virtual bool HasNullClass => false;

    /// <summary>What is wrong with the network; empty if nothing is.</summary>
    public virtual IEnumerable<Finding> Check() => [];
}
