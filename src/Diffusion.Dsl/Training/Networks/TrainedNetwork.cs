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

    /// <summary>Whether it is certain, before it is loaded, that the network looks at text.</summary>
    public virtual bool ReadsText => false;

    /// <summary>What is wrong with the network; empty if nothing is.</summary>
    public virtual IEnumerable<Finding> Check() => [];
}
