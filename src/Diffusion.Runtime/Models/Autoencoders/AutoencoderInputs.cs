using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>What autoencoders take.</summary>
internal static class AutoencoderInputs
{
    /// <exception cref="DiffusionException">DIF0410: not a batch of images with the right channels, or smaller than one latent pixel.</exception>
    public static void CheckImages(AutoencoderLayout layout, Tensor images)
    {
        Check("the tensor of images", images, layout.ClassName, layout.InChannels);
        if (images.Sizes()[2..].Any(size => size < layout.Factor))
            throw Rules.InputShape.Error("the tensor of images", UNet2DModel.Shape(images), layout.ClassName, $"heights and widths of at least {layout.Factor}", "give larger images");
    }

    /// <exception cref="DiffusionException">DIF0410: not a batch of latents with the right channels.</exception>
    public static void CheckLatents(AutoencoderLayout layout, Tensor latents, int channels) => Check("the tensor of latents", latents, layout.ClassName, channels);

    /// <exception cref="DiffusionException">DIF0432: the size would not come back.</exception>
    public static void CheckRoundTrip(AutoencoderLayout layout, long height, long width)
    {
        foreach (var (name, size) in new[] { ("height", height), ("width", width) })
        {
            var below = size / layout.Factor * layout.Factor;
            if (below != size || size == 0)
                throw Rules.SizeNotDivisible.Error(name, size, layout.Factor, below == 0 ? layout.Factor : below, below == 0 ? 2 * layout.Factor : below + layout.Factor, "the VAE");
        }
    }

    private static void Check(string subject, Tensor tensor, string model, int channels)
    {
        if (tensor.dim() != 4 || tensor.Sizes()[1] != channels)
            throw Rules.InputShape.Error(subject, UNet2DModel.Shape(tensor), model, $"[N, {channels}, H, W]", $"give {channels} channels");
        if (tensor.Sizes().Any(size => size == 0))
            throw Rules.InputShape.Error(subject, UNet2DModel.Shape(tensor), model, "at least one pixel", "give an image");
    }
}
