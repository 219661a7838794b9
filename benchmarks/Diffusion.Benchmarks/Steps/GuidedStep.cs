using System;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps;

/// <summary>The tensors of one guided sampling step: x [N, C, H, W] and the network's output for both conditions, [2N, C, H, W]; float32 on the CPU.</summary>
internal sealed class GuidedStep : IDisposable
{
    /// <summary>w of classifier-free guidance.</summary>
    public const double GuidanceScale = 7.5;

    public GuidedStep(string name, params long[] shape)
    {
        using var generator = new Generator(0, CPU);
        Name = name;
        Sample = randn(shape, generator: generator);
        Output = randn([2 * shape[0], .. shape[1..]], generator: generator);
        AlphasCumprod = cumprod(1 - linspace(Math.Sqrt(0.00085), Math.Sqrt(0.012), 1000).square(), 0).DetachFromDisposeScope();
    }

    /// <summary>What the shape stands for.</summary>
    public string Name { get; }

    public Tensor Sample { get; }

    public Tensor Output { get; }

    /// <summary>ᾱ of Stable Diffusion's schedule, [1000].</summary>
    public Tensor AlphasCumprod { get; }

    /// <summary>The latents of one 512 × 512 image of Stable Diffusion.</summary>
    public static GuidedStep Latents() => new("latents 1x4x64x64", 1, 4, 64, 64);

    /// <summary>Eight RGB images of 512 × 512.</summary>
    public static GuidedStep Images() => new("images 8x3x512x512", 8, 3, 512, 512);

    public void Dispose()
    {
        Sample.Dispose();
        Output.Dispose();
        AlphasCumprod.Dispose();
    }
}
