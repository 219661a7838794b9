using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>A new class-conditioned U-Net with PyTorch's initial values of the training's seed.</summary>
/// <param name="Config">Its configuration.</param>
public sealed record UntrainedClassConditionedUNet(ClassConditionedUNetConfig Config) : TrainedNetwork
{
    /// <inheritdoc/>
    public override int? Classes => Config.Classes;

    /// <inheritdoc/>
    public override bool HasNullClass => Config.NullClass;

    /// <summary>The same with another configuration.</summary>
    /// <param name="config">Its configuration.</param>
    public UntrainedClassConditionedUNet WithConfig(ClassConditionedUNetConfig config) => this with { Config = config };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => Config.Validate();

    /// <summary>The canonical text, in which every value of the configuration shows: <c>ClassConditionedUNet(10 classes, #1b2c3d4e)</c>.</summary>
    public override string ToString() => "ClassConditionedUNet(" + Text.Of(Config.Classes) + " classes" + (Config.NullClass ? " and none" : "") + ", #" + Fingerprint.Of(Config.ToJson().ToString()) + ")";
}
