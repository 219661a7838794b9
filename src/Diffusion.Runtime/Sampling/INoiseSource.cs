using System;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>Where Gaussian noise comes from.</summary>
public interface INoiseSource : IDisposable
{
    /// <summary>The next Gaussian tensor.</summary>
    /// <param name="shape">[N, C, H, W].</param>
    Tensor Draw(long[] shape);

    /// <summary>The increment of a Brownian path over a part of it, normalised to unit variance; sources without a path draw fresh noise.</summary>
    /// <param name="shape">[N, C, H, W].</param>
    /// <param name="from">σ at the start, the noisier end.</param>
    /// <param name="to">σ at the end.</param>
    Tensor Draw(long[] shape, double from, double to) => Draw(shape);
}
