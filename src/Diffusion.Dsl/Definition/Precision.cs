namespace Diffusion.Dsl;

/// <summary>The number format of a network's weights and activations. The sampler's own x is always float32.</summary>
public enum Precision
{
    /// <summary>32 bits: equal to diffusers to float precision.</summary>
    Float32,

    /// <summary>16 bits with 8 of exponent: half the memory, about three significant digits.</summary>
    BFloat16,

    /// <summary>16 bits with 5 of exponent: for CUDA devices.</summary>
    Float16,
}
