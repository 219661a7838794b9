using System;
using System.Collections.Generic;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Native;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// One run of a sampler: the sample x, the network, the noise. Compiled samplers call it; it owns x and frees it. A run belongs to one thread at a time.
/// </summary>
public sealed partial class SamplingRun : IDisposable
{
    private readonly INetwork _network;
    private readonly INoiseSource _noise;
    private readonly long[] _shape;
    private readonly Preview? _preview;
    private readonly List<Tensor> _kept = [];
    private Tensor? _x;
    private Tensor? _x0;
    private Tensor? _scaled;
    private double _timestep;

    /// <summary>A run from fresh noise.</summary>
    /// <param name="network">The denoising network; the caller keeps it.</param>
    /// <param name="noise">Where x_T and every z come from; the caller keeps it.</param>
    /// <param name="shape">[N, C, H, W] of x.</param>
    /// <param name="watched">The unfused plan, if x̂_0 is to be shown at every step; null: not computed where the sampler does not need it.</param>
    public SamplingRun(INetwork network, INoiseSource noise, long[] shape, PipelinePlan? watched = null)
    {
        (_network, _noise, _shape) = (network, noise, shape);
        _preview = watched is null ? null : new Preview(watched);
    }

    /// <summary>The x to start from instead of noise, already at the first step's noise level; it is copied.</summary>
    public Tensor? Initial { get; init; }

    /// <summary>What the samples are to show; the network is told at every evaluation.</summary>
    public Conditions Conditions { get; init; } = Conditions.None;

    /// <summary>
    /// k of each sample, [N, 1, 1, 1], where samples have guidance scales of their own; null: all have the sampler's. A sampler that was compiled for the scale w₀ computes
    /// (1 − w₀)·u + w₀·c; with u′ = c + k·(u − c) and k = (1 − w)/(1 − w₀) in the place of u that is (1 − w)·u + w·c. The caller keeps it.
    /// </summary>
    public Tensor? UnconditionalFactors { get; init; }

    /// <summary>Checked between the network's blocks; the evaluation that is cancelled throws and leaves nothing.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The current sample, [N, C, H, W].</summary>
    public Tensor X => _x ?? throw new InvalidOperationException("the run has not started");

    /// <summary>The first x: noise of the given deviation, or a copy of <see cref="Initial"/>.</summary>
    /// <param name="sigma">The standard deviation.</param>
    public Tensor Start(double sigma)
    {
        _x?.Dispose();
        _x = Initial?.clone() ?? _noise.Draw(_shape);
        if (sigma != 1 && Initial is null)
        {
            using Scalar factor = sigma;
            _x.mul_(factor);
        }

        return _x;
    }

    /// <summary>A register that lives as long as the run, zero until something is kept in it.</summary>
    public Tensor Keep()
    {
        var register = torch.zeros_like(X);
        _kept.Add(register);
        return register;
    }

    /// <summary>The network's output under the pipeline's condition, [N, C, H, W].</summary>
    /// <param name="x">The sample.</param>
    /// <param name="timestep">t.</param>
    /// <param name="scale">The factor on the input.</param>
    /// <param name="tracked">Whether the way from x is kept for <see cref="Steer"/>.</param>
    public Tensor Evaluate(Tensor x, double timestep, double scale = 1, bool tracked = false) => Predict(x, timestep, scale, Conditioning.Conditional, tracked);

    /// <summary>The network's output without the text or with the negative prompt, [N, C, H, W].</summary>
    /// <param name="x">The sample.</param>
    /// <param name="timestep">t.</param>
    /// <param name="scale">The factor on the input.</param>
    /// <param name="tracked">Whether the way from x is kept for <see cref="Steer"/>.</param>
    public Tensor EvaluateUnconditional(Tensor x, double timestep, double scale = 1, bool tracked = false) => Predict(x, timestep, scale, Conditioning.Unconditional, tracked);

    /// <summary>The network's outputs u and c from one batch of 2N rows.</summary>
    /// <param name="x">The sample.</param>
    /// <param name="timestep">t.</param>
    /// <param name="scale">The factor on the input.</param>
    /// <param name="tracked">Whether the way from x is kept for <see cref="Steer"/>.</param>
    /// <param name="split">Whether the second half of the channels is the variance.</param>
    public Evaluation EvaluateBoth(Tensor x, double timestep, double scale = 1, bool tracked = false, bool split = false) =>
        Evaluation.Of(Predict(x, timestep, scale, Conditioning.Both, tracked), both: true, split);

    /// <summary>The network's output m and variance v.</summary>
    /// <param name="x">The sample.</param>
    /// <param name="timestep">t.</param>
    /// <param name="scale">The factor on the input.</param>
    /// <param name="tracked">Whether the way from x is kept for <see cref="Steer"/>.</param>
    /// <param name="unconditional">Whether the condition is left out.</param>
    public Evaluation EvaluateSplit(Tensor x, double timestep, double scale = 1, bool tracked = false, bool unconditional = false) =>
        Evaluation.Of(Predict(x, timestep, scale, unconditional ? Conditioning.Unconditional : Conditioning.Conditional, tracked), both: false, split: true);

    /// <summary>Fresh noise z of x's shape.</summary>
    public Tensor Noise() => _noise.Draw(_shape);

    /// <summary>The noise of a part of a Brownian path, normalised to unit variance; independent noise where the source knows no path.</summary>
    /// <param name="from">σ at the start, the noisier end.</param>
    /// <param name="to">σ at the end.</param>
    public Tensor Noise(double from, double to) => _noise.Draw(_shape, from, to);

    /// <summary>target ← z, fresh noise.</summary>
    /// <param name="target">A register of x's shape.</param>
    public void Draw(Tensor target)
    {
        using var z = Noise();
        target.copy_(z);
    }

    /// <summary>Advances the generator as <see cref="Noise()"/> would.</summary>
    public void SkipNoise() => _noise.Draw(_shape).Dispose();

    /// <summary>Shows the x̂_0 a sampler has computed.</summary>
    /// <param name="index">The step.</param>
    /// <param name="x0">x̂_0, [N, C, H, W].</param>
    public void Watch(int index, Tensor x0) => Show(() => x0.clone());

    /// <summary>Lets x̂_0 be computed from x and the prediction, if someone looks.</summary>
    /// <param name="index">The step.</param>
    /// <param name="x">The sample before the update.</param>
    /// <param name="m">The prediction, after guidance.</param>
    public void Watch(int index, Tensor x, Tensor m) => Show(() => _preview!.Of(index, x, [m]));

    /// <summary>Lets x̂_0 be computed from x and both predictions, if someone looks.</summary>
    /// <param name="index">The step.</param>
    /// <param name="x">The sample before the update.</param>
    /// <param name="u">The unconditional prediction.</param>
    /// <param name="c">The conditional prediction.</param>
    public void Watch(int index, Tensor x, Tensor u, Tensor c) => Show(() => _preview!.Of(index, x, [u, c]));

    /// <summary>The result of a step.</summary>
    /// <param name="index">The step.</param>
    /// <param name="timestep">t.</param>
    /// <param name="x">The sample after it.</param>
    public SamplingStep Step(int index, double timestep, Tensor x)
    {
        var step = new SamplingStep(index, timestep, x, _x0) { Steering = _reports.ToArray() };
        _reports.Clear();
        return step;
    }

    /// <summary>The sample, which is the caller's from now on.</summary>
    internal Tensor Take()
    {
        var x = X;
        _x = null;
        return x;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _x?.Dispose();
        _x0?.Dispose();
        _scaled?.Dispose();
        Release();
        (_x, _x0, _scaled) = (null, null, null);
        _kept.ForEach(register => register.Dispose());
        _kept.Clear();
    }

    private Tensor Predict(Tensor x, double timestep, double scale, Conditioning conditioning, bool tracked)
    {
        _timestep = timestep;
        MaskedConstants.Touch();
        var output = tracked ? Tracked(x, timestep, scale, conditioning) : Told(Scaled(x, scale), timestep, conditioning);
        if (Steering is not { ChangesNoise: true })
            return output;

        // It will be changed, and a network may keep what it gave.
        using (output)
            return output.clone();
    }

    // The network neither changes nor keeps its input: one buffer serves all evaluations, whatever scope a caller opens around one of them.
    private Tensor Scaled(Tensor x, double scale)
    {
        if (scale == 1)
        {
            return x;
        }

        Combine.Into(_scaled ??= torch.empty_like(x).DetachFromDisposeScope(), scale, x);
        return _scaled;
    }

    private Tensor Told(Tensor input, double timestep, Conditioning conditioning)
    {
        var output = _network.Predict(input, timestep, conditioning, Conditions, Cancellation);
        return conditioning == Conditioning.Both ? OwnScales(output) : output;
    }

    // Both halves, the unconditional one moved so that the sampler's scale gives each sample its own; c stays as it is, for rescaling reads its deviation.
    private Tensor OwnScales(Tensor output)
    {
        if (UnconditionalFactors is not { } factors)
        {
            return output;
        }

        using var scope = torch.NewDisposeScope();
        using (output)
        {
            var halves = output.chunk(2, 0);
            return torch.cat([torch.lerp(halves[1], halves[0], factors), halves[1]], 0).MoveToOuterDisposeScope();
        }
    }

    private void Show(Func<Tensor> x0)
    {
        if (_preview is not null)
        {
            _x0?.Dispose();
            _x0 = x0();
        }
    }
}
