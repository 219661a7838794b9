using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>A U-Net and the text encoder that learns with it as one model, whose parts others own.</summary>
internal sealed class UnetAndText : nn.Module
{
    private UnetAndText(nn.Module unet, nn.Module text)
        : base(nameof(UnetAndText))
    {
        register_module("unet", unet);
        register_module("text_encoder", text);
    }

    /// <summary>Both, or the U-Net alone where no text encoder learns.</summary>
    public static nn.Module Of(nn.Module unet, nn.Module? text) => text is null ? unet : new UnetAndText(unet, text);

    protected override void RegisterComponents()
    {
    }
}
