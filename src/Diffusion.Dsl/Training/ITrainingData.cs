using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Training data as a definition sees them: how many pictures, with which classes. Where they are read is the run time's business.</summary>
public interface ITrainingData
{
    /// <summary>The file or folder, for messages.</summary>
    string Name { get; }

    /// <summary>How many pictures there are.</summary>
    int Count { get; }

    /// <summary>The names of labels 0, 1, 2, …; empty where labels have none, or there are no labels.</summary>
    IReadOnlyList<string> Classes { get; }
}
