using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// One step of a streamed run. It holds copies of the samples outside of torch, so it stays valid behind the stream and needs no disposal; pictures are made when they are asked for,
/// and kept. With an autoencoder that needs its weights: not behind the end of the loaded pipeline (DIF0106).
/// </summary>
public sealed class StreamedStep
{
    private readonly StreamedPictures _pictures;
    private readonly HeldSample _x;
    private readonly HeldSample _clean;
    private IReadOnlyList<Image>? _ofX;
    private IReadOnlyList<Image>? _ofClean;

    internal StreamedStep(StreamedPictures pictures, SamplingStep step, NoiseLevel level, int count, SamplingProgress progress)
    {
        (_pictures, Index, Count, Timestep, NoiseLevel) = (pictures, step.Index, count, step.Timestep, level);
        (Elapsed, Remaining) = (progress.Elapsed, progress.Remaining);
        _x = HeldSample.Of(step.X);
        _clean = step.X0 is null ? _x : HeldSample.Of(step.X0);
    }

    /// <summary>The step just done, from 0.</summary>
    public int Index { get; }

    /// <summary>The number of steps.</summary>
    public int Count { get; }

    /// <summary>The timestep the network was told.</summary>
    public double Timestep { get; }

    /// <summary>How noisy <see cref="X"/> is: α and σ behind the step, and their ratio.</summary>
    public NoiseLevel NoiseLevel { get; }

    /// <summary>Time since the stream was first asked for a step, with what the caller did meanwhile.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The time that the steps to come probably take: as <see cref="SamplingProgress.Remaining"/>, without the pictures, which are made only when asked for.</summary>
    public TimeSpan? Remaining { get; }

    /// <summary>Whether this is the last step.</summary>
    public bool IsLast => Index == Count - 1;

    /// <summary>The samples behind the step as pictures: <see cref="Pictures"/> without cancellation.</summary>
    public IReadOnlyList<Image> X => Pictures();

    /// <summary>The clean samples that the network predicts, x̂_0, as pictures: <see cref="Decoded"/> without cancellation.</summary>
    public IReadOnlyList<Image> X0 => Decoded();

    /// <summary>
    /// x̂_0 in a glance: with an autoencoder each latent pixel becomes one pixel by a linear map to colours, which is fitted to the autoencoder's own decoder at the first call for a loaded
    /// pipeline (less than the encoding and decoding of one large picture) and takes microseconds afterwards; on pixels the same as <see cref="Decoded"/>.
    /// </summary>
    /// <param name="fullSize">Whether the pictures are enlarged, smoothly, to the size of the results; otherwise they are as large as the latents: a factor of 8 smaller in Stable Diffusion.</param>
    /// <exception cref="DiffusionException">DIF0106: the loaded pipeline was disposed.</exception>
    public IReadOnlyList<Image> Preview(bool fullSize = false)
    {
        if (!_pictures.AreLatent)
        {
            return Decoded();
        }

        var small = _pictures.Sketch(_clean);
        return fullSize ? [.. small.Select(image => image.Resize(image.Width * _pictures.Factor, image.Height * _pictures.Factor))] : small;
    }

    /// <summary>x̂_0 as pictures; with an autoencoder its decoder runs, as long as for a result.</summary>
    /// <param name="cancellation">Checked between the decoder's blocks.</param>
    /// <exception cref="DiffusionException">DIF0106: the loaded pipeline was disposed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; it may be repeated.</exception>
    public IReadOnlyList<Image> Decoded(CancellationToken cancellation = default) => _ofClean ??= _pictures.Decode(_clean, cancellation);

    /// <summary>The samples behind the step as pictures, noise included: at the last step the result, bit for bit that of the same call of Generate, with its receipt.</summary>
    /// <param name="cancellation">Checked between the decoder's blocks.</param>
    /// <exception cref="DiffusionException">DIF0106: the loaded pipeline was disposed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; it may be repeated.</exception>
    public IReadOnlyList<Image> Pictures(CancellationToken cancellation = default) => _ofX ??= IsLast ? _pictures.Results(_x, cancellation) : _pictures.Decode(_x, cancellation);

    /// <summary>Which step, and the time that is left.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"step {Index + 1} of {Count}, t = {Timestep:0.###}") + (Remaining is { } left ? FormattableString.Invariant($", {left.TotalSeconds:F0} s left") : "");
}
