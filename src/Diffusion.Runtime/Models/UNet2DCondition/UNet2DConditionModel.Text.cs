using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class UNet2DConditionModel
{
    // CLIP's prompts are as long.
    private const int PromptTokens = 77;

    /// <summary>The number of parameters, those that take no gradient included.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the parts: output shape, parameters, and multiplications of one picture with a prompt of 77 tokens (MACs), with the totals. Runs on shapes alone.</summary>
    /// <param name="height">H of the latents; null: as the model was trained.</param>
    /// <param name="width">W of the latents; null: as the model was trained.</param>
    /// <param name="depth">How far parts are taken apart: 1 for blocks, 2 for their resnets and transformers, more for the layers of those.</param>
    /// <returns>Lines that end with a line feed.</returns>
    /// <exception cref="DiffusionException">DIF0407: the configuration has no size, and none is given.</exception>
    public string Summary(int? height = null, int? width = null, int depth = 1)
    {
        var (rows, columns) = UNet2DModel.SummarySize(height ?? Config.SampleHeight, width ?? Config.SampleWidth);
        using var scope = NewDisposeScope();
        using var shapes = FromConfig(Config, LayerOptions.Shapes());
        var condition = new UNet2DCondition(
            zeros(1, PromptTokens, Config.CrossAttentionDim[0], device: META),
            ClassLabels: Config.ClassEmbedType switch
            {
                "identity" => zeros(1, Config.TimeEmbedDim, device: META),
                "projection" => zeros(1, Config.ProjectionClassEmbeddingsInputDim!.Value, device: META),
                null when Config.NumClassEmbeds is null => null,
                _ => zeros(1, ScalarType.Int64, device: META),
            },
            TextEmbeds: Config.AdditionEmbedType is null ? null : zeros(1, Config.ProjectionClassEmbeddingsInputDim!.Value - (6 * Config.AdditionTimeEmbedDim!.Value), device: META),
            TimeIds: Config.AdditionEmbedType is null ? null : zeros(1, 6, device: META));

        return ModuleSummary.Of(shapes, () => shapes.forward(zeros(1, Config.InChannels, rows, columns, device: META), zeros(1, device: META), condition), depth);
    }
}
