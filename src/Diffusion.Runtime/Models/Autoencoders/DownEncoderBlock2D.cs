using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, then half the size.</summary>
internal sealed class DownEncoderBlock2D(AutoencoderLevel level, LayerOptions options) : EncoderBlock(nameof(DownEncoderBlock2D), level, attends: false, options);
