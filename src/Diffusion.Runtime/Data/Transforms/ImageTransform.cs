using System.Collections.Generic;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>What is done to each picture of a data set: from pixels to pixels, random only through the sample's own generator. A closed family.</summary>
public abstract record ImageTransform
{
    private protected ImageTransform()
    {
    }

    /// <summary>What is wrong with the transform's numbers; empty if nothing is.</summary>
    public virtual IEnumerable<Finding> Check() => [];

    internal abstract Image Apply(Image image, SampleRandom random);

    private protected static IEnumerable<Finding> CheckSize(string what, int size)
    {
        if (size < 1)
            yield return Rules.ImageLayout.Found(what, size, "1 or more");
    }
}
