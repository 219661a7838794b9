using Diffusion.Dsl;

namespace Diffusion.Runtime.Compilation;

/// <content>What networks read behind the latents, and which call gives it.</content>
public sealed partial class LoadedPipeline
{
    private const int DepthChannels = 1;
    private const int SmallChannels = 3;

    // How many channels the network reads behind x: none without an autoencoder, where all channels are x's.
    private int ExtraChannels => _models.VaeConfig is { } vae && Compiled.Resolved.Facts.Unet is { } unet ? unet.InChannels - vae.LatentChannels : 0;

    // A mask, and latents of the masked picture.
    private int MaskChannels => (_models.VaeConfig?.LatentChannels ?? 0) + 1;

    // Before anything is computed, and in words of pictures: the first convolution would speak of tensors.
    private void CheckChannels(GenerationRequest request)
    {
        var reads = ExtraChannels;
        var (call, what, gives) = request switch
        {
            { Small: not null } => ("Upscale", "latents and a small picture", SmallChannels),
            { Depths: not null } => ("DepthToImage", "latents and a depth map", DepthChannels),
            { Mask: not null } when reads == MaskChannels => ("Inpaint", "latents, a mask and the masked picture", reads),
            { Mask: not null } => ("Inpaint", "latents", 0),
            { Pictures: not null } => ("GenerateFrom", "latents", 0),
            _ => ("Generate", "latents", 0),
        };
        if (gives != reads)
        {
            var channels = (_models.VaeConfig?.LatentChannels ?? Compiled.Resolved.Facts.Unet?.InChannels ?? 0) + gives;
            throw Rules.InputChannelsMismatch.Error(call, channels, what, Compiled.Definition.UnetModel?.Source, Compiled.Resolved.Facts.Unet?.InChannels, Remedy(reads));
        }
    }

    private string Remedy(int reads) => reads switch
    {
        0 => "call Generate, GenerateFrom or Inpaint, or load a checkpoint that reads more",
        DepthChannels => "call DepthToImage, which gives a depth map too",
        SmallChannels => "call Upscale, which gives a small picture too",
        _ when reads == MaskChannels => "call Inpaint, which gives a mask and the masked picture too",
        _ => "load another checkpoint",
    };
}
