using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>A text-conditioned network of a few thousand parameters, and what it is told.</summary>
internal static class TinyCondition
{
    public static UNet2DConditionConfig Config { get; } = new UNet2DConditionConfig(NormNumGroups: 4)
        .WithBlocks("CrossAttnDownBlock2D", "DownBlock2D")
        .WithBlockOutChannels(8, 16)
        .WithLayersPerBlock(1)
        .WithCrossAttentionDim(12)
        .WithHeads(2)
        .WithSampleSize(8);

    public static UNet2DConditionModel Model(long seed = 1) => UNet2DConditionModel.FromConfig(Config, seed);

    public static UNet2DCondition Condition(int samples, long seed = 2)
    {
        using var generator = new Generator((ulong)seed);

        return new UNet2DCondition(randn([samples, 5, 12], generator: generator));
    }
}
