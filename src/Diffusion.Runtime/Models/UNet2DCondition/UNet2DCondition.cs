using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>What a UNet2DConditionModel is told besides sample and timestep. The tensors stay the caller's.</summary>
/// <param name="Text">The text vectors, <c>[N, L, D]</c>, or <c>[1, L, D]</c> for all samples.</param>
/// <param name="TextMask">Which text vectors count, <c>[N, L]</c>: 1 keep, 0 drop; null: all.</param>
/// <param name="ClassLabels">With class conditioning: <c>[N]</c> (int64), or vectors <c>[N, dim]</c>; else null.</param>
/// <param name="TimestepCondition">Where the configuration has <c>time_cond_proj_dim</c>: the embedded guidance scale, <c>[N, dim]</c> (LCM); null: none.</param>
/// <param name="TextEmbeds">With <c>text_time</c>: the pooled text, <c>[N, dim]</c>.</param>
/// <param name="TimeIds">With <c>text_time</c>: original height and width, crop top and left, target height and width in pixels, <c>[N, 6]</c>.</param>
public sealed record UNet2DCondition(
    Tensor Text,
    Tensor? TextMask = null,
    Tensor? ClassLabels = null,
    Tensor? TimestepCondition = null,
    Tensor? TextEmbeds = null,
    Tensor? TimeIds = null)
{
    /// <summary>The condition with other text.</summary>
    /// <param name="text">The text vectors, <c>[N, L, D]</c>.</param>
    public UNet2DCondition WithText(Tensor text) => this with { Text = text };

    /// <summary>The condition with some text vectors left out.</summary>
    /// <param name="mask"><c>[N, L]</c>: 1 keep, 0 drop; null: all are kept.</param>
    public UNet2DCondition WithTextMask(Tensor? mask) => this with { TextMask = mask };

    /// <summary>The condition with classes.</summary>
    /// <param name="labels"><c>[N]</c> (int64), or vectors <c>[N, dim]</c>.</param>
    public UNet2DCondition WithClassLabels(Tensor? labels) => this with { ClassLabels = labels };

    /// <summary>The condition with an embedded guidance scale.</summary>
    /// <param name="condition"><c>[N, dim]</c>.</param>
    public UNet2DCondition WithTimestepCondition(Tensor? condition) => this with { TimestepCondition = condition };

    /// <summary>The condition with pooled text and sizes, as SDXL takes them.</summary>
    /// <param name="textEmbeds">The pooled text, <c>[N, dim]</c>.</param>
    /// <param name="timeIds">Six sizes in pixels, <c>[N, 6]</c>.</param>
    public UNet2DCondition WithTextTime(Tensor textEmbeds, Tensor timeIds) => this with { TextEmbeds = textEmbeds, TimeIds = timeIds };
}
