using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>An operation whose weights lie in the order that a machine reads best. Records no gradient. Threads may share it.</summary>
internal interface IWeightKernel : IDisposable
{
    /// <summary>The weights as they were given; a new tensor.</summary>
    Tensor Weight();
}
