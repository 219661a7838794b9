using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using TorchSharp;

namespace Diffusion.Runtime.Sampling;

/// <summary>How the steps of one stream become pictures.</summary>
/// <param name="coder">Decodes.</param>
/// <param name="device">Where latents are decoded.</param>
/// <param name="finish">What is done to a picture, by its number, before it is shown: where a part was made new, the rest is put back.</param>
/// <param name="sign">What is done to a result behind that, by its number: it gets its receipt.</param>
/// <param name="check">Throws where the loaded pipeline was disposed.</param>
internal sealed class StreamedPictures(PictureCoder coder, torch.Device device, Func<int, Image, Image> finish, Func<int, Image, Image> sign, Action check)
{
    /// <summary>Whether an autoencoder makes the pictures.</summary>
    public bool AreLatent => coder.IsLatent;

    /// <summary>By how much latents are smaller on each side.</summary>
    public int Factor => coder.Factor;

    /// <summary>The pictures of the sample behind the last step.</summary>
    public IReadOnlyList<Image> Results(HeldSample sample, CancellationToken cancellation) => [.. Decode(sample, cancellation).Select((image, i) => sign(i, image))];

    /// <summary>The pictures of a sample.</summary>
    public IReadOnlyList<Image> Decode(HeldSample sample, CancellationToken cancellation)
    {
        if (AreLatent)
        {
            check();
        }

        using var x = sample.On(device);
        return [.. coder.Decode(x, cancellation).Select((image, i) => finish(i, image))];
    }

    /// <summary>A linear guess at the pictures of latents.</summary>
    public IReadOnlyList<Image> Sketch(HeldSample sample)
    {
        check();
        return coder.Sketch(sample);
    }
}
