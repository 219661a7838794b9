namespace Diffusion.Dsl;

/// <summary>The names of the blocks that autoencoders are made of, as their config.json writes them.</summary>
public static class AutoencoderBlockTypes
{
    /// <summary>Blocks of the encoder: resnets, with attention after each where the name says so.</summary>
    public static EquatableArray<string> Down { get; } = EquatableArray.Of("DownEncoderBlock2D", "AttnDownEncoderBlock2D");

    /// <summary>Blocks of the decoder.</summary>
    public static EquatableArray<string> Up { get; } = EquatableArray.Of("UpDecoderBlock2D", "AttnUpDecoderBlock2D");
}
