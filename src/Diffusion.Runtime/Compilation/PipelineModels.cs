using System;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>The networks of a loaded pipeline, which it owns.</summary>
/// <param name="Network">The denoising network.</param>
/// <param name="Vae">The autoencoder; null: the network works on pixels.</param>
/// <param name="Text">Tokenizer and text encoder; null: the network takes no text.</param>
internal sealed record PipelineModels(INetwork Network, AutoencoderKL? Vae = null, ClipTextEncoder? Text = null) : IDisposable
{
    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        Network.Dispose();
        Vae?.Dispose();
        Text?.Dispose();
    }
}
