using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class UNet2DModel
{
    /// <summary>
    /// Computes the embeddings of all timesteps of a sampling loop, and every resnet's projection of them, in one product for each layer, for use
    /// with <see cref="Forward(Tensor, PreparedTimes, int, CancellationToken)"/>. Records no gradient.
    /// </summary>
    /// <param name="timesteps">The timesteps in the order of the loop; σ with a fourier embedding, whole numbers with a learned one.</param>
    /// <param name="classLabels">With class conditioning: <c>[N]</c> (int64), or embeddings <c>[N, dim]</c>, for all steps; else null.</param>
    /// <returns>The prepared times; the caller disposes them.</returns>
    /// <exception cref="DiffusionException">DIF0410: labels have the wrong shape. DIF0411: labels are missing, or not taken. DIF0412: an index is outside its table.</exception>
    public PreparedTimes PrepareTimes(double[] timesteps, Tensor? classLabels = null)
    {
        ArgumentNullException.ThrowIfNull(timesteps);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();

        // float32 holds every whole timestep exactly; it is also what σ is in a sampling loop.
        var steps = tensor(timesteps.Select(timestep => (float)timestep).ToArray(), device: Device);
        var samples = classLabels?.shape[0] ?? 1;
        var rows = steps.repeat_interleave(samples);
        var labels = classLabels?.repeat([timesteps.Length, .. Enumerable.Repeat(1L, (int)classLabels.dim() - 1)]);
        if (Embed(rows, labels, samples * timesteps.Length) is not { } embedded)
            return new PreparedTimes(steps.DetachFromDisposeScope(), steps, []);

        var embedding = _timeAct.Consume(embedded).view(timesteps.Length, samples, -1);
        var projections = modules().OfType<ResnetBlock2D>().Select(block => block.TimeEmbProj).OfType<Linear>();

        return new PreparedTimes(steps.DetachFromDisposeScope(), embedding, projections);
    }

    /// <summary>One prediction at a prepared time: the same as with that timestep (and those class labels) given plainly.</summary>
    /// <param name="sample">The noisy sample, <c>[N, C, H, W]</c>, of the parameters' type and device.</param>
    /// <param name="times">The result of <see cref="PrepareTimes"/> of this model.</param>
    /// <param name="step">Which of the prepared timesteps, counted from 0.</param>
    /// <param name="cancellation">Checked before every resnet.</param>
    /// <returns>The prediction, <c>[N, C′, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: the sample has the wrong shape. DIF0412: there is no such step.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing stays allocated.</exception>
    public Tensor Forward(Tensor sample, PreparedTimes times, int step, CancellationToken cancellation = default) => Forward(sample, times, step, perturbed: null, cancellation);

    /// <summary>The same, in which some self-attentions may be switched off.</summary>
    internal Tensor Forward(Tensor sample, PreparedTimes times, int step, TextCondition? perturbed, CancellationToken cancellation)
    {
        CheckSample(sample);
        using var scope = NewDisposeScope();

        return Run(sample, times.Condition(step), times.Timestep(step), cancellation, perturbed).MoveToOuterDisposeScope();
    }
}
