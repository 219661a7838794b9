namespace Diffusion.Dsl;

/// <summary>The names of the blocks that a UNet2DModel is made of, as its config.json writes them.</summary>
public static class UNet2DBlockTypes
{
    /// <summary>Blocks of the way down: resnets, with attention where the name says so; Skip blocks carry a shrinking copy of the input along.</summary>
    public static EquatableArray<string> Down { get; } =
        EquatableArray.Of("DownBlock2D", "ResnetDownsampleBlock2D", "AttnDownBlock2D", "SkipDownBlock2D", "AttnSkipDownBlock2D");

    /// <summary>Blocks of the way up; Skip blocks add up an output at every size.</summary>
    public static EquatableArray<string> Up { get; } =
        EquatableArray.Of("UpBlock2D", "ResnetUpsampleBlock2D", "AttnUpBlock2D", "SkipUpBlock2D", "AttnSkipUpBlock2D");

    /// <summary>The block's name without the prefix that the first checkpoints have: <c>UNetResDownBlock2D</c> is <c>DownBlock2D</c>.</summary>
    /// <param name="name">The name as the file has it.</param>
    public static string Normalize(string name) => name.StartsWith("UNetRes", System.StringComparison.Ordinal) ? name.Substring(7) : name;
}
