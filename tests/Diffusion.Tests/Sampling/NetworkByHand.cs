using System;
using System.Collections.Generic;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>A U-Net that is called as a user would, with nothing computed before: what it reads behind the latents is put there by hand.</summary>
internal sealed class NetworkByHand(UNet2DConditionModel model, Tensor text, Tensor negative, Func<Tensor, Tensor> input, Tensor? labels = null) : INetwork
{
    public void Prepare(IReadOnlyList<double> timesteps)
    {
    }

    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning)
    {
        using var scope = NewDisposeScope();
        var sample = input(x);
        var (both, told) = (conditioning == Conditioning.Both, conditioning == Conditioning.Conditional ? text : negative);
        var output = model.forward(
            both ? cat([sample, sample], 0) : sample,
            tensor((float)timestep),
            new UNet2DCondition(both ? cat([negative, text], 0) : told, ClassLabels: both && labels is not null ? cat([labels, labels], 0) : labels));
        return output.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
    }
}
