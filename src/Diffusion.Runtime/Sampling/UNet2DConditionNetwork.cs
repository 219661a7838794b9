using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>A UNet2DConditionModel as the samplers see it. The keys and values of a run's text are computed once for all its steps.</summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="owns">Whether the model is disposed with this object.</param>
/// <param name="hoistsText">Whether keys and values of the text are computed once for a run; otherwise at every step, with the same result.</param>
/// <param name="sharesHalves">Whether both halves of guidance share what comes before the first look at the text; otherwise it is computed for each, with the same result.</param>
/// <param name="hoistsChannels">Whether the first convolution of channels that stay the same is computed once for a run; otherwise at every step, with the same result up to rounding.</param>
public sealed class UNet2DConditionNetwork(UNet2DConditionModel model, bool owns = true, bool hoistsText = true, bool sharesHalves = true, bool hoistsChannels = true)
    : UNetNetwork(model, timesteps => model.PrepareTimes(timesteps), owns)
{
    /// <summary>The model.</summary>
    public UNet2DConditionModel Model => model;

    private protected override TorchSharp.torch.ScalarType DType => model.DType;

    // With classes, or pooled text and sizes, every run adds its own to the embedding.
    private protected override bool IsHoistable => model.Config is { NumClassEmbeds: null, ClassEmbedType: null, AdditionEmbedType: null };

    // Times that were prepared are the same for all samples.
    private protected override bool SharesHalves => sharesHalves;

    private protected override bool HoistsChannels => hoistsChannels && !model.Config.CenterInputSample;

    private protected override Tensor Run(Tensor sample, PreparedTimes times, int row, Conditioning conditioning, Conditions conditions, CancellationToken cancellation) =>
        model.Forward(
            sample,
            times,
            row,
            Perturbed(conditions, sample.shape[0], Prepared(conditions, conditioning) ?? Plain(Condition(sample, conditioning, conditions)))!,
            HoistsChannels ? conditions.Channels?.Convolved(model) : null,
            cancellation);

    private protected override Tensor Run(Tensor sample, Tensor timestep, Conditioning conditioning, Conditions conditions, CancellationToken cancellation) =>
        model.Forward(sample, timestep, Condition(sample, conditioning, conditions), Told(sample, conditioning, conditions), cancellation);

    // Null where the model makes it of the condition.
    private TextCondition? Told(Tensor sample, Conditioning conditioning, Conditions conditions)
    {
        var prepared = Prepared(conditions, conditioning);
        return conditions.Perturbed is null ? prepared : Perturbed(conditions, sample.shape[0], prepared ?? Plain(Condition(sample, conditioning, conditions)));
    }

    private TextCondition? Prepared(Conditions conditions, Conditioning conditioning) => hoistsText ? Text(conditions).Prepared(model, conditioning) : null;

    private TextCondition Plain(UNet2DCondition condition) => model.Plain(condition, condition.Text.shape[0]);

    private UNet2DCondition Condition(Tensor sample, Conditioning conditioning, Conditions conditions) =>
        new(Text(conditions).Rows(conditioning), ClassLabels: conditions.LabelRows(conditioning, sample.device));

    private TextConditions Text(Conditions conditions) => conditions.Text
        ?? throw Rules.InputShape.Error("the text", "null", nameof(UNet2DConditionModel), $"[N, L, {model.Config.CrossAttentionDim[0]}]", "give the run's conditions a text");
}
