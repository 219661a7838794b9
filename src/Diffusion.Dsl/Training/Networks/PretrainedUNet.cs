namespace Diffusion.Dsl;

/// <summary>The U-Net of a checkpoint: training goes on from its weights, with its noise schedule and prediction type unless the definition says others.</summary>
/// <param name="Model">The network by name.</param>
public sealed record PretrainedUNet(UnetModel Model) : TrainedNetwork
{
    /// <summary>The same of another checkpoint.</summary>
    /// <param name="model">The network by name.</param>
    public PretrainedUNet WithModel(UnetModel model) => this with { Model = model };

    /// <summary>The canonical text: <c>"models/digits".Unet</c>, and the folder where it is not <c>unet</c>.</summary>
    public override string ToString() =>
        "\"" + Model.Source + "\".Unet" + (Model.Subfolder == new UnetModel("").Subfolder ? "" : ".WithSubfolder(\"" + Model.Subfolder + "\")");
}
