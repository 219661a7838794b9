using System;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <summary>
/// Where the pictures of one batch begin: in noise, in a picture with noise on it (Meng et al. 2021, arXiv:2108.01073), or in a picture of which a part is made
/// new. What is drawn, and in which order, is diffusers'.
/// </summary>
internal sealed class StartingPoint : IDisposable
{
    private readonly PipelinePlan _plan;
    private Tensor? _clean;
    private Tensor? _noise;
    private Tensor? _mask;

    private StartingPoint(PipelinePlan plan) => _plan = plan;

    /// <summary>The first x; null: fresh noise.</summary>
    public Tensor? Initial { get; private set; }

    /// <summary>Channels that the network reads behind x: the mask and the masked picture, a depth map, or a small picture; null for none.</summary>
    public Tensor? Channels { get; private set; }

    /// <summary>In noise.</summary>
    public static StartingPoint OfNoise(PipelinePlan plan) => new(plan);

    /// <summary>In pictures.</summary>
    /// <param name="plan">The steps.</param>
    /// <param name="pictures">In [−1, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="encode">Gives the pictures as the network works on them; draws.</param>
    /// <param name="noise">Where noise comes from.</param>
    /// <param name="depth">What the network reads of their depth, <c>[N, 1, h, w]</c>; null where it reads none.</param>
    public static StartingPoint OfPictures(PipelinePlan plan, Tensor pictures, Func<Tensor, Tensor> encode, INoiseSource noise, Tensor? depth)
    {
        using var scope = torch.NewDisposeScope();
        var clean = encode(pictures);
        var z = noise.Draw(clean.shape);
        return new(plan) { Initial = Noisy(plan.Steps[0].Start, clean, z).DetachFromDisposeScope(), Channels = depth?.to(clean.device, copy: true).DetachFromDisposeScope() };
    }

    /// <summary>In noise, beside small pictures that get noise of their own first.</summary>
    /// <param name="plan">The steps.</param>
    /// <param name="pictures">In [−1, 1], <c>[N, C, h, w]</c>, on the network's device.</param>
    /// <param name="level">How noisy they are made.</param>
    /// <param name="noise">Where noise comes from.</param>
    public static StartingPoint OfSmall(PipelinePlan plan, Tensor pictures, NoiseLevel level, INoiseSource noise)
    {
        using var z = noise.Draw(pictures.shape);
        return new(plan) { Channels = Noisy(level, pictures, z).DetachFromDisposeScope() };
    }

    /// <summary>In pictures of which a part is made new.</summary>
    /// <param name="plan">The steps.</param>
    /// <param name="pictures">In [−1, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="mask">1 new, 0 kept, <c>[N, 1, H, W]</c>.</param>
    /// <param name="encode">Gives pictures as the network works on them; draws.</param>
    /// <param name="noise">Where noise comes from.</param>
    /// <param name="shape">Of x.</param>
    /// <param name="readsMask">Whether the network reads mask and masked picture itself; otherwise what is kept is put back behind every step.</param>
    public static StartingPoint OfMask(PipelinePlan plan, Tensor pictures, Tensor mask, Func<Tensor, Tensor> encode, INoiseSource noise, long[] shape, bool readsMask)
    {
        using var scope = torch.NewDisposeScope();
        var start = new StartingPoint(plan);
        var fromNoise = plan.Spec.Start == 0;
        var clean = readsMask && fromNoise ? null : encode(pictures);
        var z = noise.Draw(shape);
        var initial = fromNoise ? Combine.New(plan.InitialNoiseSigma, z) : Noisy(plan.Steps[0].Start, clean!, z);
        var small = F.interpolate(mask, size: [shape[2], shape[3]], mode: torch.InterpolationMode.Nearest).to(z.device);
        var masked = encode(pictures * Kept(mask));

        // Behind everything that may be cancelled.
        start.Initial = initial.DetachFromDisposeScope();
        if (readsMask)
        {
            start.Channels = torch.cat([small, masked], 1).DetachFromDisposeScope();
            return start;
        }

        (start._clean, start._noise, start._mask) = (clean!.DetachFromDisposeScope(), z.DetachFromDisposeScope(), small.DetachFromDisposeScope());
        return start;
    }

    /// <summary>Puts back what is kept of the pictures, with the noise of the next step on it.</summary>
    /// <param name="x">The sample behind a step, changed in place.</param>
    /// <param name="index">The step.</param>
    public void Keep(Tensor x, int index)
    {
        Initial?.Dispose(); // the run has its own copy by now
        if (_mask is null)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var kept = index + 1 < _plan.Steps.Count ? Noisy(_plan.Steps[index + 1].Start, _clean!, _noise!) : _clean!;
        x.copy_(torch.where(_mask.to(torch.ScalarType.Bool), x, kept));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in new[] { Initial, Channels, _clean, _noise, _mask })
        {
            tensor?.Dispose();
        }
    }

    // 1 where the mask is 0.
    private static Tensor Kept(Tensor mask) => mask.to(torch.ScalarType.Bool).logical_not().to(mask.dtype);

    private static Tensor Noisy(NoiseLevel level, Tensor clean, Tensor z) => Combine.New(level.Alpha, clean, level.Sigma, z);
}
