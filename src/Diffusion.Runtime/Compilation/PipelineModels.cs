using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>The networks of a loaded pipeline, which it owns, each with the stage that uses it.</summary>
/// <param name="Network">The denoising network.</param>
/// <param name="Vae">The autoencoder; null: the network works on pixels.</param>
/// <param name="Text">Tokenizer and text encoder; null: the network takes no text.</param>
internal sealed record PipelineModels(Stage<INetwork> Network, Stage<AutoencoderKL>? Vae = null, Stage<ClipTextEncoder>? Text = null) : IDisposable
{
    /// <summary>What the autoencoder was built from; null without one.</summary>
    public AutoencoderKLConfig? VaeConfig { get; init; }

    /// <summary>The losses of guidance by gradients, in the order of the guiders.</summary>
    public IReadOnlyList<(GradientGuidance Guider, ISteeringLoss Loss)> Losses { get; init; } = [];

    /// <summary>The worse network that autoguidance compares with; null without it.</summary>
    public Stage<INetwork>? Worse { get; init; }

    /// <summary>Bytes of all weights that are there now.</summary>
    public long WeightBytes => Network.WeightBytes + (Worse is null || ReferenceEquals(Worse, Network) ? 0 : Worse.WeightBytes) + (Vae?.WeightBytes ?? 0) + (Text?.WeightBytes ?? 0);

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        Network.Dispose();
        Worse?.Dispose();
        Vae?.Dispose();
        Text?.Dispose();
        foreach (var (_, loss) in Losses)
            loss.Dispose();
    }
}
