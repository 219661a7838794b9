namespace Diffusion.Dsl;

public static partial class Rules
{
    /// <summary>DIF0430: the text encoder's width is not the UNet's.</summary>
    public static readonly Rule TextWidthMismatch = new("DIF0430", "Text width does not fit the UNet", "the text encoder of {0} gives vectors of width {1}, but the UNet of {2} reads vectors of width {3}; use the text encoder that the UNet was trained with");

    /// <summary>DIF0431: the VAE's latent channels are not the UNet's.</summary>
    public static readonly Rule LatentChannelsMismatch = new("DIF0431", "Latent channels do not fit the UNet", "the VAE of {0} has {1} latent channels, but the UNet of {2} takes {3} input channels; it must take {1}, or {4} with a depth map, or {5} for inpainting, so use the VAE that the UNet was trained with");

    /// <summary>DIF0432: the image size is not a multiple of the VAE's factor.</summary>
    public static readonly Rule SizeNotDivisible = new("DIF0432", "Size not divisible by the VAE factor", "{0} is {1}, but {5} shrinks images by {2}, so it must be a positive multiple of {2}; choose {3} or {4}");

    /// <summary>DIF0433: a size that is not positive.</summary>
    public static readonly Rule SizeOutOfRange = new("DIF0433", "Size out of range", "{0} is {1}, but an image has at least 1 pixel on a side; choose a positive size such as {2}");

    /// <summary>DIF0434: a conditional UNet without text.</summary>
    public static readonly Rule UnetNeedsText = new("DIF0434", "UNet needs text", "the UNet of {0} reads text vectors of width {1}, but the pipeline has no Text stage; add .Text(encoder)");

    /// <summary>DIF0435: text for a UNet that cannot read it.</summary>
    public static readonly Rule UnetTakesNoText = new("DIF0435", "UNet takes no text", "the pipeline has a Text stage, but the UNet of {0} is a {1} without cross-attention; remove .Text(…) or use a UNet2DConditionModel");

    /// <summary>DIF0436: a latent UNet whose latents nothing decodes, or the reverse.</summary>
    public static readonly Rule VaeMissing = new("DIF0436", "VAE missing", "the UNet of {0} works on {1} latent channels, but the pipeline has no VAE to decode them; start with Pipeline.From(vae)");

    /// <summary>DIF0437: a network of the wrong kind is loaded.</summary>
    public static readonly Rule ModelKindUnknown = new("DIF0437", "Model kind unknown", "{0} names the class '{1}', but this version loads {2}; use a checkpoint of one of these");

    /// <summary>DIF0438: neither the checkpoint nor the definition says how large pictures are.</summary>
    public static readonly Rule SizeUnknown = new("DIF0438", "Size unknown", "the UNet of {0} has no sample_size and the pipeline no Size, so the size of pictures is unknown; add .Size(height, width)");
}
