using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class UNet2DConditionModel
{
    /// <summary>
    /// Computes the embeddings of all timesteps of a sampling loop, and every resnet's projection of them, in one product for each layer, for use with
    /// <see cref="Forward(Tensor, PreparedTimes, int, TextCondition, CancellationToken)"/>. Records no gradient.
    /// </summary>
    /// <param name="timesteps">The timesteps in the order of the loop.</param>
    /// <param name="condition">What else enters the time embedding: classes, guidance, pooled text and sizes, for all steps; null for none of these.</param>
    /// <returns>The prepared times; the caller disposes them.</returns>
    /// <exception cref="DiffusionException">DIF0410, DIF0411, DIF0412, DIF0407: as for a prediction.</exception>
    public PreparedTimes PrepareTimes(double[] timesteps, UNet2DCondition? condition = null)
    {
        ArgumentNullException.ThrowIfNull(timesteps);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var steps = tensor(timesteps.Select(timestep => (float)timestep).ToArray(), device: Device);
        var samples = new[] { condition?.ClassLabels, condition?.TimestepCondition, condition?.TimeIds }.Max(told => told?.shape[0]) ?? 1;
        var rows = Embed(steps.repeat_interleave(samples), Repeated(condition, timesteps.Length), samples * timesteps.Length);
        var embedding = _timeAct.Consume(rows).view(timesteps.Length, samples, -1);

        return new PreparedTimes(steps.DetachFromDisposeScope(), embedding, modules().OfType<ResnetBlock2D>().Select(block => block.TimeEmbProj).OfType<Linear>());
    }

    /// <summary>Computes the keys and values of every attention over the text, once for all steps. Records no gradient.</summary>
    /// <param name="condition">The text and its mask.</param>
    /// <returns>The prepared text; the caller disposes it.</returns>
    /// <exception cref="DiffusionException">DIF0410: the text or its mask has the wrong shape.</exception>
    public PreparedText PrepareText(UNet2DCondition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var samples = condition.Text.Sizes()[0];
        var layers = modules().OfType<TokenAttention>().Where(layer => layer.LooksAtText).SelectMany(layer => new[] { layer.ToK, layer.ToV });

        return new PreparedText(States(condition, samples), Bias(condition, samples), layers);
    }

    /// <summary>One prediction at a prepared time and under a prepared text: the same as with both given plainly.</summary>
    /// <param name="sample">Noisy latents, <c>[N, C, H, W]</c>, of the parameters' type and device.</param>
    /// <param name="times">The result of <see cref="PrepareTimes"/> of this model.</param>
    /// <param name="step">Which of the prepared timesteps, counted from 0.</param>
    /// <param name="text">The result of <see cref="PrepareText"/> of this model, for N samples; or for 2N, which are the same samples twice: what does not depend on the text is then computed once.</param>
    /// <param name="cancellation">Checked before every resnet.</param>
    /// <returns>The prediction, <c>[N, C′, H, W]</c> or <c>[2N, C′, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: the sample has the wrong shape. DIF0412: there is no such step.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing stays allocated.</exception>
    public Tensor Forward(Tensor sample, PreparedTimes times, int step, TextCondition text, CancellationToken cancellation = default) =>
        Forward(sample, times, step, text, constant: null, cancellation);

    /// <summary>What conv_in makes of the last of its channels alone, without its bias: <c>[N, C₀, H, W]</c>. Records no gradient.</summary>
    /// <param name="channels">The channels, <c>[N, C, H, W]</c>.</param>
    internal Tensor PrepareChannels(Tensor channels)
    {
        using var noGrad = no_grad();
        using var typed = channels.to_type(DType);

        return _convIn.RunLast(typed).DetachFromDisposeScope();
    }

    /// <summary>The same for samples without their constant channels, of which <see cref="PrepareChannels"/> made <paramref name="constant"/>.</summary>
    internal Tensor Forward(Tensor sample, PreparedTimes times, int step, TextCondition text, Tensor? constant, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(text);
        if (constant is null)
            CheckSample(sample);
        using var scope = NewDisposeScope();

        return Run(sample, times.Condition(step), text, cancellation, constant).MoveToOuterDisposeScope();
    }

    // The same for every step.
    private static UNet2DCondition Repeated(UNet2DCondition? condition, int steps)
    {
        return new UNet2DCondition(
            null!,
            null,
            Repeat(condition?.ClassLabels),
            Repeat(condition?.TimestepCondition),
            Repeat(condition?.TextEmbeds),
            Repeat(condition?.TimeIds));

        Tensor? Repeat(Tensor? told) => told?.repeat([steps, .. Enumerable.Repeat(1L, (int)told.dim() - 1)]);
    }
}
