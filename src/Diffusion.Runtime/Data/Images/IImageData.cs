using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>Pictures by number, with labels or captions where the data have them. Several threads may read at a time.</summary>
public interface IImageData : ITrainingData
{
    /// <summary>One picture.</summary>
    /// <param name="index">0 to <see cref="ITrainingData.Count"/> − 1.</param>
    /// <exception cref="DiffusionException">DIF0456: there is no such picture. DIF0561, DIF0562: its file is missing or damaged.</exception>
    ImageSample Read(int index);
}
