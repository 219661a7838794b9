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

    /// <summary>The canonical text of a new network, in which every value of the configuration shows: <c>UNet2DModel(1x28x28, 32-64-64, #1b2c3d4e)</c>.</summary>
    private protected static string Described(string name, int channels, int? height, int? width, EquatableArray<int> levels, JsonValue config) =>
        name + "(" + Text.Of(channels) + (height is null ? "" : "x" + Text.Of(height) + "x" + Text.Of(width)) + ", " + string.Join("-", levels) + ", #" + Fingerprint.Of(config.ToString()) + ")";

    /// <summary>What is wrong with the network; empty if nothing is.</summary>
    public virtual IEnumerable<Finding> Check() => [];
}
