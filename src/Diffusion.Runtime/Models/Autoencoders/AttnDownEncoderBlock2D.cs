using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets with attention after each, then half the size.</summary>
internal sealed class AttnDownEncoderBlock2D(AutoencoderLevel level, LayerOptions options) : EncoderBlock(nameof(AttnDownEncoderBlock2D), level, attends: true, options);
