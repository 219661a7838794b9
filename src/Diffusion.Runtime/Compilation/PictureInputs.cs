using System;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <summary>What the pictures of one call start from, as tensors: pictures, mask, depths, a small picture.</summary>
internal sealed class PictureInputs : IDisposable
{
    private readonly LoadedPipeline _run;
    private readonly NoiseLevel _level;
    private readonly Tensor? _pictures;
    private readonly Tensor? _mask;
    private readonly Tensor? _depths;
    private readonly Tensor? _small;

    /// <param name="run">The pipeline.</param>
    /// <param name="request">What is asked for.</param>
    /// <exception cref="DiffusionException">DIF0438: the size is unknown. DIF0441: a depth map is the same everywhere. DIF0453: pictures differ in size.</exception>
    public PictureInputs(LoadedPipeline run, GenerationRequest request)
    {
        using var scope = torch.NewDisposeScope();
        var x = run.Shape(request.Count, request.Small);
        var pictures = request.Pictures is null ? null : Image.ToBatch(request.Pictures);
        var mask = request.Lights is null ? null : Arithmetic.Above(Image.ToBatch([request.Lights]), 0).to(torch.ScalarType.Float32);
        var depths = request.Depths is null ? null : DepthMaps.Of(request.Depths, x[2], x[3]);
        var small = request.Small is null ? null : Image.ToBatch([request.Small]).to(run.Coder.Device);
        (_run, _level) = (run, NoiseLevel.OfAlphaBar(run.Compiled.Resolved.Facts.Upscaler.Noise.Curve().AlphaBar(request.NoiseLevel)));
        (_pictures, _mask) = (pictures?.DetachFromDisposeScope(), mask?.DetachFromDisposeScope());
        (_depths, _small) = (depths?.DetachFromDisposeScope(), small?.DetachFromDisposeScope());
    }

    /// <summary>Where some of the pictures begin.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="shape">Of their x.</param>
    /// <param name="noise">Their noise.</param>
    /// <param name="cancellation">Checked between the encoder's blocks.</param>
    public StartingPoint Start(int first, long[] shape, INoiseSource noise, CancellationToken cancellation)
    {
        var plan = _run.Compiled.Plan;
        if (_small is not null)
        {
            using var view = _small.expand(shape[0], _small.shape[1], shape[2], shape[3]);
            using var given = view.contiguous();
            return StartingPoint.OfSmall(plan, given, _level, noise);
        }

        if (_pictures is null)
        {
            return StartingPoint.OfNoise(plan);
        }

        // Its weights stay for all that is encoded.
        using var vae = _run.Models.Vae?.Use();
        using var pictures = _pictures.narrow(0, first, shape[0]);
        Tensor Encode(Tensor picture) => _run.Coder.Encode(picture, noise, cancellation);
        if (_mask is null)
        {
            using var depth = _depths?.narrow(0, first, shape[0]);
            return StartingPoint.OfPictures(plan, pictures, Encode, noise, depth);
        }

        using var mask = _mask.expand(shape[0], 1, _mask.shape[2], _mask.shape[3]);
        return StartingPoint.OfMask(plan, pictures, mask, Encode, noise, shape, readsMask: _run.Compiled.Resolved.Facts.Unet?.InChannels == (2 * shape[1]) + 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pictures?.Dispose();
        _mask?.Dispose();
        _depths?.Dispose();
        _small?.Dispose();
    }
}
