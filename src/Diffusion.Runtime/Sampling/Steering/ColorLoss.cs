using System;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Sampling;

/// <summary>mean |x̂_0 − c| of each picture.</summary>
internal sealed class ColorLoss(ColorGuidance color) : ISteeringLoss
{
    public Tensor Of(SteeredSample clean)
    {
        var pictures = clean.Pictures;
        if (pictures.shape[1] != 3)
            throw Rules.SteeringImpossible.Error(color, "needs pictures of red, green and blue, but the network has " + pictures.shape[1] + " channels", "remove it, or take a network of 3 channels or an autoencoder");

        double[] channels = [color.Red, color.Green, color.Blue];
        var target = tensor(Array.ConvertAll(channels, channel => (2 * channel) - 1)).to(pictures.dtype, pictures.device).view(1, 3, 1, 1);
        return (pictures - target).abs().mean([1, 2, 3]);
    }

    public void Dispose()
    {
    }
}
