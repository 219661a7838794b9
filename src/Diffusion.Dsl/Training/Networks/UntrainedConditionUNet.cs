using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>A new U-Net that looks at text, with PyTorch's initial values of the training's seed.</summary>
/// <param name="Config">Its configuration.</param>
public sealed record UntrainedConditionUNet(UNet2DConditionConfig Config) : TrainedNetwork
{
    /// <inheritdoc/>
    public override bool ReadsText => true;

    /// <summary>The same with another configuration.</summary>
    /// <param name="config">Its configuration.</param>
    public UntrainedConditionUNet WithConfig(UNet2DConditionConfig config) => this with { Config = config };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => Config.Validate();

    /// <summary>The canonical text, in which every value of the configuration shows: <c>UNet2DConditionModel(4x16x16, 64-128, #1b2c3d4e)</c>.</summary>
    public override string ToString() => Described("UNet2DConditionModel", Config.InChannels, Config.SampleHeight, Config.SampleWidth, Config.BlockOutChannels, Config.ToJson());
}
