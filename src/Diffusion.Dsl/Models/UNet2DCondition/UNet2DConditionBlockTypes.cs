namespace Diffusion.Dsl;

/// <summary>The names of the blocks that a UNet2DConditionModel is made of, as its config.json writes them.</summary>
public static class UNet2DConditionBlockTypes
{
    /// <summary>Blocks of the way down: resnets, with transformers that look at the text where the name says so.</summary>
    public static EquatableArray<string> Down { get; } = EquatableArray.Of("DownBlock2D", "CrossAttnDownBlock2D");

    /// <summary>Blocks in the middle.</summary>
    public static EquatableArray<string> Mid { get; } = EquatableArray.Of("UNetMidBlock2D", "UNetMidBlock2DCrossAttn");

    /// <summary>Blocks of the way up.</summary>
    public static EquatableArray<string> Up { get; } = EquatableArray.Of("UpBlock2D", "CrossAttnUpBlock2D");

    /// <summary>Whether a block has transformers.</summary>
    /// <param name="name">The block's name.</param>
    public static bool Attends(string name) => name.Contains("CrossAttn");
}
