using Diffusion.Dsl;

namespace Diffusion.Runtime.Compilation;

/// <summary>Where and how <c>Load</c> brings the networks. An immutable value.</summary>
public sealed record LoadOptions
{
    /// <summary>On the CPU, with all weights there all the time.</summary>
    public static LoadOptions Default { get; } = new();

    /// <summary>Where the networks run.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>
    /// Their number format. Null chooses: bfloat16 for denoising networks of 100 million parameters and more where the device computes with it (processors with AVX512_BF16 or AMX-BF16,
    /// CUDA), float32 for smaller ones and on other processors; text encoder and autoencoder stay in float32 on the CPU. Float32 is equal to diffusers to float precision.
    /// </summary>
    public Precision? Precision { get; init; }

    /// <summary>
    /// Whether text encoder, UNet and autoencoder bring their weights to the device for their own stage alone, as diffusers' model offload does: memory for the
    /// largest of them instead of all three. Between its stages a network is in its files alone, mapped when it is needed again. Pictures stay the same.
    /// </summary>
    public bool Offload { get; init; }

    /// <summary>The same options on another device.</summary>
    /// <param name="device">Where the networks run.</param>
    public LoadOptions WithDevice(Device device) => this with { Device = device };

    /// <summary>The same options with another number format.</summary>
    /// <param name="precision">The networks' number format; null chooses.</param>
    public LoadOptions WithPrecision(Precision? precision) => this with { Precision = precision };

    /// <summary>The same options with offload on or off.</summary>
    /// <param name="offload">Whether weights are there for their own stage alone.</param>
    public LoadOptions WithOffload(bool offload) => this with { Offload = offload };
}
