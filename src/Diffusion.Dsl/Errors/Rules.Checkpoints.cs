namespace Diffusion.Dsl;

/// <content>Group 04, the parts of a checkpoint together: DIF0413 to DIF0419.</content>
public static partial class Rules
{
    /// <summary>DIF0413: a UNet that reads more than the vectors of one text encoder.</summary>
    public static readonly Rule UnetReadsMore = new(
        "DIF0413",
        "UNet reads more than a text",
        "the UNet of {0} has addition_embed_type {1}, so it reads a second encoder's pooled text and the sizes of pictures as well, but a pipeline gives it the vectors of one text encoder; use a UNet without addition_embed_type, as Stable Diffusion 1 and 2 have");

    /// <summary>DIF0414: the UNet's output is no latent of the VAE.</summary>
    public static readonly Rule LatentOutputMismatch = new(
        "DIF0414",
        "UNet output does not fit the VAE",
        "the UNet of {0} gives {1} output channels, but the VAE of {2} decodes {3} latent channels; it must give {3}, or {4} with a learned variance, so use the VAE that the UNet was trained with");

    /// <summary>DIF0415: a checkpoint lacks a part that the pipeline takes from it.</summary>
    public static readonly Rule PartMissing = new(
        "DIF0415",
        "Part is not in the checkpoint",
        "the pipeline takes its {0} from {1}, but {2} lists no {3}, only {4}; take the {0} from a checkpoint that has one");

    /// <summary>DIF0416: the sampler is for another kind of network.</summary>
    public static readonly Rule SamplerOfOtherModels = new(
        "DIF0416",
        "Sampler for another kind of model",
        "the sampler {0} is for {1}, but {2} names {3}, which is for {4}; choose one of those, such as {5}, or leave .Scheduler(…) out");

    /// <summary>DIF0417: an MSBuild item names a folder that holds no config file.</summary>
    public static readonly Rule ModelFolderEmpty = new(
        "DIF0417",
        "Model folder without config files",
        "the item DiffusionModel {0} names {1}, where no config.json lies, so nothing of this model is checked at build time; correct the path, or remove the item",
        RuleSeverity.Warning);
}
