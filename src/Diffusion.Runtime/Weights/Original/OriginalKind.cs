namespace Diffusion.Runtime.Weights.Original;

/// <summary>The families of Stable Diffusion that are published in the original layout. Those for inpainting, depth or editing differ in their input channels alone.</summary>
public enum OriginalKind
{
    /// <summary>Stable Diffusion 1: one text encoder, OpenAI's CLIP ViT-L/14, vectors of 768.</summary>
    StableDiffusion1,

    /// <summary>Stable Diffusion 2: one text encoder, OpenCLIP ViT-H/14, vectors of 1024.</summary>
    StableDiffusion2,

    /// <summary>The upscaler by 4 of Stable Diffusion 2: 3 channels of a small picture beside 4 of latents, and its noise level as a class.</summary>
    StableDiffusionUpscaler,

    /// <summary>Stable Diffusion XL: two text encoders, CLIP ViT-L/14 and OpenCLIP ViT-bigG/14.</summary>
    StableDiffusionXL,

    /// <summary>The refiner of Stable Diffusion XL: OpenCLIP ViT-bigG/14 alone.</summary>
    StableDiffusionXLRefiner,

    /// <summary>A file that holds an autoencoder and nothing else.</summary>
    Autoencoder,
}
