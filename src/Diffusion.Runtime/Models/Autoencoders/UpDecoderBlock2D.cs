using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, then twice the size.</summary>
internal sealed class UpDecoderBlock2D(AutoencoderLevel level, LayerOptions options) : DecoderBlock(nameof(UpDecoderBlock2D), level, attends: false, options);
