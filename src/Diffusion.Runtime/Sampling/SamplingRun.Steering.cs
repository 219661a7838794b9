using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <content>Guidance by gradients, and the way from x to the outputs that it needs.</content>
public sealed partial class SamplingRun
{
    private readonly List<SteeringReport> _reports = [];
    private Tensor? _leaf;
    private Tensor? _tracked;

    /// <summary>The losses of guidance by gradients; null: there are none.</summary>
    internal Steering? Steering { get; init; }

    /// <summary>
    /// x ← x − Σ g_k·∇_x L_k(x̂_0), x̂_0 = p·x + q·m: guidance by gradients. m stays as it is, bit for bit, but for guiders that change the noise: these move m, and not x.
    /// </summary>
    /// <param name="index">The step.</param>
    /// <param name="x">The sample; it is moved.</param>
    /// <param name="m">The prediction, after guidance; guiders that change the noise move it.</param>
    /// <param name="p">The part of x̂_0 along x.</param>
    /// <param name="q">The part of x̂_0 along m.</param>
    /// <param name="factors">g_k, one for each guider by gradients.</param>
    /// <param name="through">w of the guidance that made m, where gradients pass the network; null: they do not.</param>
    /// <param name="limit">The range that x̂_0 is cut to, where gradients pass the clamp; null: they do not.</param>
    /// <exception cref="DiffusionException">DIF0312: the run has no losses, or a loss is not finite or has no gradient.</exception>
    public void Steer(int index, Tensor x, Tensor m, double p, double q, double[] factors, double? through = null, double? limit = null)
    {
        var steering = Steering ?? throw Rules.SteeringImpossible.Error("of this sampler", "has no losses in a run that the program made itself", "load the pipeline, and generate with it");
        using var scope = torch.NewDisposeScope();
        using var recording = torch.enable_grad();
        var leaf = x.detach().requires_grad_(true);
        var held = m.detach();
        var tracked = through is { } weight ? (Arithmetic.Mix(p, _leaf!, q, Mixed(_tracked!, weight, held)), _leaf!) : ((Tensor, Tensor)?)null;
        var (ofX, ofNoise, reports) = steering.Gradient(index, _timestep, factors, Arithmetic.Mix(p, leaf, q, held), leaf, tracked, limit);
        Release();
        _reports.AddRange(reports);
        using var off = torch.no_grad();
        if (ofX is not null)
            x.sub_(ofX);
        if (ofNoise is not null)
            m.sub_(ofNoise);
    }

    // The outputs with the way from a copy of x to them; what the sampler gets has their numbers alone.
    private Tensor Tracked(Tensor x, double timestep, double scale, Conditioning conditioning)
    {
        Release();
        using var recording = torch.enable_grad();
        using var scope = torch.NewDisposeScope();
        _leaf = x.detach().clone().requires_grad_(true).DetachFromDisposeScope();
        _tracked = Told(scale == 1 ? _leaf : Arithmetic.Times(_leaf, scale), timestep, conditioning).DetachFromDisposeScope();
        return _tracked.detach().MoveToOuterDisposeScope();
    }

    // m of the outputs, with their way: alone, or u + w·(c − u).
    private Tensor Mixed(Tensor outputs, double weight, Tensor m)
    {
        var own = outputs.shape[1] == m.shape[1] ? outputs : outputs.narrow(1, 0, m.shape[1]);
        if (outputs.shape[0] == m.shape[0])
        {
            return own;
        }

        var halves = own.chunk(2, 0);
        return Arithmetic.Mix(1 - weight, halves[0], weight, halves[1]);
    }

    private void Release()
    {
        _leaf?.Dispose();
        _tracked?.Dispose();
        (_leaf, _tracked) = (null, null);
    }
}
