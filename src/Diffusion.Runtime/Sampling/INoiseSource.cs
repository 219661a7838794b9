using System;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>Where Gaussian noise comes from.</summary>
public interface INoiseSource : IDisposable
{
    /// <summary>The next Gaussian tensor.</summary>
    /// <param name="shape">[N, C, H, W].</param>
    Tensor Draw(long[] shape);
}
