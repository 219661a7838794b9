using System;
using System.Collections.Generic;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Tests.Samplers;

/// <summary>A cheap smooth network: its output depends on x, t and the condition, and on whether self-attentions are switched off; with twice the channels where a variance is learned.</summary>
/// <param name="doubleChannels">Whether a variance is learned.</param>
/// <param name="shift">Makes another network of it.</param>
internal sealed class RandomNetwork(bool doubleChannels = false, double shift = 0) : INetwork
{
    public int Rows { get; private set; }

    public void Prepare(IReadOnlyList<double> timesteps)
    {
    }

    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => Predict(x, timestep, conditioning, Conditions.None);

    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning, Conditions conditions)
    {
        var off = shift + (conditions.Perturbed is null ? 0 : 0.4);
        using var scope = torch.NewDisposeScope();
        var output = conditioning switch
        {
            Conditioning.Both => torch.cat([One(x, timestep, 0.3 + off), One(x, timestep, 0.9 + off)], 0),
            Conditioning.Unconditional => One(x, timestep, 0.3 + off),
            _ => One(x, timestep, 0.9 + off),
        };
        Rows += (int)output.shape[0];
        return output.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
    }

    private Tensor One(Tensor x, double timestep, double phase)
    {
        var m = Wave(x, 0.7, phase, 0.1 * Math.Cos(timestep / 100));
        return doubleChannels ? torch.cat([m, Wave(x, 1.3, phase, 0.5)], 1) : m;
    }

    /// <summary>½ sin(frequency·x + phase) + mean; the numbers are held until torch has read them.</summary>
    private static Tensor Wave(Tensor x, double frequency, double phase, double mean)
    {
        using Scalar factor = frequency, shift = phase, half = 0.5, added = mean;
        return x.mul(factor).add_(shift).sin_().mul_(half).add_(added);
    }
}
