using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class AutoencoderKL
{
    /// <summary>The same autoencoder in float32, for pictures that overflow in 16 bits; the caller disposes it.</summary>
    internal AutoencoderKL Widened()
    {
        using var guard = no_grad();
        var wide = FromConfig(Config, LayerOptions.Unset(ScalarType.Float32, Device));
        using var scope = NewDisposeScope();
        var weights = wide.state_dict();
        foreach (var (name, value) in Packing.StateDict(this))
            weights[name].copy_(value);
        wide.eval();

        return wide;
    }
}
