using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Sampling;

/// <summary>A loss of x̂_0 whose gradient x follows. Runs share it; it keeps nothing of them.</summary>
internal interface ISteeringLoss : IDisposable
{
    /// <summary>The loss of each picture.</summary>
    /// <param name="clean">x̂_0, with its graph.</param>
    /// <returns><c>[N]</c> or <c>[]</c>, with its graph; in the caller's dispose scope.</returns>
    Tensor Of(SteeredSample clean);
}
