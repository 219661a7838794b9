using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>A new U-Net with PyTorch's initial values of the training's seed.</summary>
/// <param name="Config">Its configuration.</param>
public sealed record UntrainedUNet(UNet2DConfig Config) : TrainedNetwork
{
    /// <inheritdoc/>
    public override int? Classes => Config.NumClassEmbeds;

    /// <summary>The same with another configuration.</summary>
    /// <param name="config">Its configuration.</param>
    public UntrainedUNet WithConfig(UNet2DConfig config) => this with { Config = config };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => Config.Validate();

    /// <summary>The canonical text, in which every value of the configuration shows: <c>UNet2DModel(1x28x28, 32-64-64, #1b2c3d4e)</c>.</summary>
    public override string ToString() => Described("UNet2DModel", Config.InChannels, Config.SampleHeight, Config.SampleWidth, Config.BlockOutChannels, Config.ToJson());
}
