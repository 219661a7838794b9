using System.Collections.Generic;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>Pictures by number, with labels or captions where the data have them. Several threads may read at a time.</summary>
public interface IImageData
{
    /// <summary>The file or folder, for messages.</summary>
    string Name { get; }

    /// <summary>How many pictures there are.</summary>
    int Count { get; }

    /// <summary>The names of labels 0, 1, 2, …; empty where labels have none, or there are no labels.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>One picture.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="DiffusionException">DIF0456: there is no such picture. DIF0561, DIF0562: its file is missing or damaged.</exception>
    ImageSample Read(int index);
}
