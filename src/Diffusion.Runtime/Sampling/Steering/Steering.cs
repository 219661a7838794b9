using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Sampling;

/// <summary>Guidance by gradients of one run: which losses, how latents become pictures, and whose crops they are. The caller keeps the networks.</summary>
/// <param name="terms">The guiders in the order of the plan's factors, each with its loss.</param>
/// <param name="decode">From scaled latents to pictures, with gradients; null: the network works on pixels.</param>
/// <param name="seeds">The seed of each picture.</param>
internal sealed class Steering(IReadOnlyList<(GradientGuidance Guider, ISteeringLoss Loss)> terms, Func<Tensor, Tensor>? decode, IReadOnlyList<long> seeds)
{
    /// <summary>Whether a guider changes the predicted noise.</summary>
    public bool ChangesNoise => terms.Any(term => term.Guider.ChangesNoise);

    /// <summary>Σ g_k·∇_x L_k for x and for the prediction, and what the losses were.</summary>
    /// <param name="index">The number of the step.</param>
    /// <param name="timestep">t.</param>
    /// <param name="factors">g_k.</param>
    /// <param name="detached">x̂_0 of x with the prediction held constant; its leaf is <paramref name="x"/>.</param>
    /// <param name="x">The leaf.</param>
    /// <param name="through">x̂_0 whose prediction depends on x as well, and its leaf; null: there is none.</param>
    /// <param name="limit">The range that x̂_0 is cut to, where a guider's gradient passes the clamp; null: none does.</param>
    /// <returns>New tensors <c>[N, C, h, w]</c>, in the caller's dispose scope; null where nothing is to be moved.</returns>
    /// <exception cref="DiffusionException">DIF0312: a loss is not finite, or has no gradient.</exception>
    public (Tensor? OfX, Tensor? OfNoise, IReadOnlyList<SteeringReport> Reports) Gradient(int index, double timestep, double[] factors, Tensor detached, Tensor x, (Tensor Clean, Tensor Leaf)? through, double? limit)
    {
        Tensor? ofX = null, ofNoise = null;
        var reports = new List<SteeringReport>();
        var samples = new Dictionary<(bool Through, bool Limited), SteeredSample>();
        for (var k = 0; k < terms.Count; k++)
        {
            var (guider, loss) = terms[k];
            if (factors[k] == 0)
                continue;

            var (clean, leaf) = guider.ThroughNetwork ? through!.Value : (detached, x);
            var limited = limit is not null && guider.Errata.HasFlag(GuidanceErrata.PassesClamp);
            if (!samples.TryGetValue((guider.ThroughNetwork, limited), out var sample))
                samples[(guider.ThroughNetwork, limited)] = sample = new SteeredSample(limited ? Arithmetic.Clamped(clean, -limit!.Value, limit.Value) : clean, timestep, index, seeds, decode);

            var each = loss.Of(sample);
            Check(guider, each, index);
            reports.Add(new SteeringReport(guider.Name, each.mean().to(ScalarType.Float32).item<float>(), decode is null ? Clamped(clean) : 0));
            var whole = guider.Errata.HasFlag(GuidanceErrata.MeanOverBatch) ? each.mean() : each.sum();
            var gradient = autograd.grad([Arithmetic.Times(whole, factors[k])], [leaf], retain_graph: true)[0];
            if (guider.ChangesNoise)
                ofNoise = Sum(ofNoise, gradient);
            else
                ofX = Sum(ofX, gradient);
        }

        return (ofX, ofNoise, reports);
    }

    private static Tensor Sum(Tensor? sum, Tensor gradient) => sum is null ? gradient : Arithmetic.Plus(sum, gradient);

    private static void Check(GradientGuidance guider, Tensor loss, int index)
    {
        if (!loss.requires_grad)
            throw Rules.SteeringImpossible.Error(guider, "gave a loss that does not depend on x0", "compute it from the tensor that the function is given");
        using var finite = loss.isfinite().all();
        if (!finite.item<bool>())
            throw Rules.SteeringImpossible.Error(guider, "gave a loss that is not finite at step " + (index + 1), "lower its scale, or mend its function");
    }

    private static double Clamped(Tensor clean)
    {
        using var recording = no_grad();
        return Arithmetic.Above(clean.abs(), 1).to(ScalarType.Float32).mean().item<float>();
    }
}
