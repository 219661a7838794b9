using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class UNet2DConditionModel
{
    // What a key that is left out has added to its score, as diffusers has it.
    private const double Dropped = -10_000;

    private void CheckSample(Tensor sample)
    {
        if (sample.dim() != 4 || sample.Sizes()[1] != Config.InChannels)
            throw Rules.InputShape.Error("the sample", UNet2DModel.Shape(sample), nameof(UNet2DConditionModel), $"[N, {Config.InChannels}, H, W]", $"give {Config.InChannels} channels");
        if (sample.Sizes().Any(size => size == 0))
            throw Rules.InputShape.Error("the sample", UNet2DModel.Shape(sample), nameof(UNet2DConditionModel), "at least one pixel", "give latents");
    }

    private void CheckCondition(UNet2DCondition condition, long samples)
    {
        if (_classEmbedding is null != condition.ClassLabels is null)
        {
            throw _classEmbedding is null
                ? Rules.ClassLabels.Error("given", "has no classes", "leave them out")
                : Rules.ClassLabels.Error("missing", "is conditioned on classes", "give one label for each sample");
        }

        if (condition.ClassLabels is { } labels)
        {
            var width = Config.ClassEmbedType switch { "identity" => Config.TimeEmbedDim, "projection" => Config.ProjectionClassEmbeddingsInputDim, _ => null };
            Expect("the tensor of class labels", labels, width is { } w ? [samples, w] : [samples]);
            if (Config.ClassEmbedType is null)
                UNet2DModel.CheckIndices("the tensor of class labels", labels, Config.NumClassEmbeds!.Value, "classes");
        }

        if (condition.TimestepCondition is { } guidance)
        {
            if (Config.TimeCondProjDim is not { } length)
                throw Rules.ConfigNeeds.Error("the timestep's condition", "given", "time_cond_proj_dim", "null", "leave it out");
            Expect("the timestep's condition", guidance, [samples, length]);
        }

        if (_addEmbedding is null)
            return;
        if (condition.TextEmbeds is null || condition.TimeIds is null)
            throw Rules.ConfigNeeds.Error("addition_embed_type", "text_time", "the pooled text or the sizes", "missing", "give both with condition.WithTextTime(textEmbeds, timeIds)");
        Expect("the tensor of sizes", condition.TimeIds, [samples, 6]);
        Expect("the pooled text", condition.TextEmbeds, [samples, Config.ProjectionClassEmbeddingsInputDim!.Value - (6 * Config.AdditionTimeEmbedDim!.Value)]);
    }

    // One text for every sample.
    private Tensor States(UNet2DCondition condition, long samples)
    {
        var (text, width) = (condition.Text, Config.CrossAttentionDim[0]);
        if (text.dim() != 3 || text.Sizes()[2] != width || (text.Sizes()[0] != samples && text.Sizes()[0] != 1) || text.Sizes()[1] == 0)
            throw Rules.InputShape.Error("the text", UNet2DModel.Shape(text), nameof(UNet2DConditionModel), $"[{samples}, L, {width}]", $"encode it with a text encoder of width {width}");

        return text.Sizes()[0] == samples ? text : text.expand(samples, text.Sizes()[1], width);
    }

    private Tensor? Bias(UNet2DCondition condition, long samples)
    {
        if (condition.TextMask is not { } mask)
            return null;

        if (mask.dim() != 2 || mask.Sizes()[1] != condition.Text.Sizes()[1] || (mask.Sizes()[0] != samples && mask.Sizes()[0] != 1))
            throw Rules.InputShape.Error("the text's mask", UNet2DModel.Shape(mask), nameof(UNet2DConditionModel), $"[{samples}, {condition.Text.Sizes()[1]}]", "give 1 or 0 for each text vector");

        return Arithmetic.Times(ones_like(mask).sub(mask).to(DType), Dropped).view(mask.Sizes()[0], 1, 1, mask.Sizes()[1]);
    }

    private static void Expect(string subject, Tensor tensor, long[] shape)
    {
        if (!tensor.Sizes().SequenceEqual(shape))
            throw Rules.InputShape.Error(subject, UNet2DModel.Shape(tensor), nameof(UNet2DConditionModel), "[" + string.Join(", ", shape) + "]", "give one row for each sample");
    }
}
