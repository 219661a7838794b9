namespace Diffusion.Dsl;

/// <summary>What ran a pipeline: the same pixels are certain only where all of it is the same.</summary>
/// <param name="Device">Where the networks ran.</param>
/// <param name="Precision">The number format of the networks.</param>
/// <param name="Sampler"><c>compiled</c> or <c>interpreted</c>: the two differ by rounding.</param>
/// <param name="Rng">Where noise came from: <c>CPU</c>, the generator of <c>torch.Generator().manual_seed(seed)</c>.</param>
/// <param name="Version">The version of this library.</param>
/// <param name="TorchSharp">The version of TorchSharp.</param>
/// <param name="LibTorch">The version of libtorch.</param>
public sealed record ReceiptMachine(Device Device, Precision Precision, string Sampler, string Rng, string Version, string TorchSharp, string LibTorch)
{
    /// <summary>As a message says it: <c>Diffusion.Dsl 0.1.0, TorchSharp 0.107.0, libtorch 2.10.0, compiled, float32 on cpu, noise of the CPU</c>.</summary>
    public override string ToString() =>
        "Diffusion.Dsl " + Version + ", TorchSharp " + TorchSharp + ", libtorch " + LibTorch + ", " + Sampler + ", " + Precision.ToString().ToLowerInvariant() + " on " + Device + ", noise of the " + Rng;
}
