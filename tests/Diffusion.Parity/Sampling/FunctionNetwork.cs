using System;
using System.Collections.Generic;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Parity.Sampling;

/// <summary>A network that is a function of x and t.</summary>
/// <param name="predict">Gives a new tensor.</param>
internal sealed class FunctionNetwork(Func<Tensor, double, Tensor> predict) : INetwork
{
    public void Prepare(IReadOnlyList<double> timesteps)
    {
    }

    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => predict(x, timestep);

    public void Dispose()
    {
    }
}
