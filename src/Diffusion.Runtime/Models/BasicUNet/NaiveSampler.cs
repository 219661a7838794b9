using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>
/// The sampling loop of the diffusion course (unit 1, "from scratch"): step i of n moves the sample by 1/(n − i) towards what the network takes
/// for the clean picture, x ← (1 − 1/(n − i)) x + 1/(n − i) x̂, from uniform noise; the last step takes x̂ whole.
/// </summary>
/// <param name="Steps">n, at least 1; the course shows 5 and 40.</param>
public sealed record NaiveSampler(int Steps)
{
    /// <summary>The same loop with another number of steps.</summary>
    /// <param name="steps">n, at least 1.</param>
    public NaiveSampler WithSteps(int steps) => this with { Steps = steps };

    /// <summary>1/(n − i): how much of the prediction a step takes.</summary>
    /// <param name="step">i, 0 to n − 1.</param>
    public double Mix(int step) => 1.0 / (Steps - step);

    /// <summary>The last sample.</summary>
    /// <param name="network">x <c>[N, C, H, W]</c> → x̂ of the same shape.</param>
    /// <param name="start">Noise, U(0, 1); stays as it is.</param>
    /// <returns>A new tensor of the shape of <paramref name="start"/>, without a graph.</returns>
    /// <exception cref="DiffusionException">DIF0105: fewer than 1 step.</exception>
    public Tensor Run(Func<Tensor, Tensor> network, Tensor start)
    {
        var last = default(NaiveStep);
        foreach (var step in Stream(network, start))
        {
            last?.Dispose();
            last = step;
        }

        last!.Prediction.Dispose();
        return last.Sample;
    }

    /// <summary>All steps, one by one.</summary>
    /// <param name="network">x <c>[N, C, H, W]</c> → x̂ of the same shape.</param>
    /// <param name="start">Noise, U(0, 1); stays as it is.</param>
    /// <returns>Steps that belong to the caller; a sample must live until the next step is made.</returns>
    /// <exception cref="DiffusionException">DIF0105: fewer than 1 step.</exception>
    public IEnumerable<NaiveStep> Stream(Func<Tensor, Tensor> network, Tensor start)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(start);
        return Steps < 1 ? throw Rules.CountOutOfRange.Error("steps", Steps) : Enumerate();

        IEnumerable<NaiveStep> Enumerate()
        {
            var sample = start;
            for (var i = 0; i < Steps; i++)
            {
                var step = Make(network, sample, i);
                yield return step;
                sample = step.Sample;
            }
        }
    }

    // Not within the iterator: a dispose scope must not stay open while the caller works.
    private NaiveStep Make(Func<Tensor, Tensor> network, Tensor sample, int step)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var prediction = network(sample);
        var next = Arithmetic.Mix(1 - Mix(step), sample, Mix(step), prediction);
        return new NaiveStep(step, prediction.MoveToOuterDisposeScope(), next.MoveToOuterDisposeScope());
    }
}
