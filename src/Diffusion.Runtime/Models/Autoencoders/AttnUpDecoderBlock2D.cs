using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets with attention after each, then twice the size.</summary>
internal sealed class AttnUpDecoderBlock2D(AutoencoderLevel level, LayerOptions options) : DecoderBlock(nameof(AttnUpDecoderBlock2D), level, attends: true, options);
