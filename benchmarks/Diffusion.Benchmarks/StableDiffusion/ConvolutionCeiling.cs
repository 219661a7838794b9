using System;
using System.Collections.Generic;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.StableDiffusion;

/// <summary>What oneDNN reaches on this machine at its best: a convolution of 3 by 3 pixels over 320 channels at 32 by 32, weights packed, channels last.</summary>
internal sealed class ConvolutionCeiling : IDisposable
{
    private const long Channels = 320;
    private const long Size = 32;
    private const int Repeats = 10;

    private readonly Dictionary<ScalarType, (Tensor X, Tensor Packed, Tensor Bias)> _cases = [];

    public ConvolutionCeiling()
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var scope = NewDisposeScope();
            var x = randn([2, Size, Size, Channels]).to(type).permute(0, 3, 1, 2);
            var packed = OneDnn.PackConvolution((randn([Channels, Channels, 3, 3]) / 50).to(type), 1, 1);
            _cases.Add(type, (x.DetachFromDisposeScope(), packed.DetachFromDisposeScope(), zeros(Channels, type).DetachFromDisposeScope()));
        }
    }

    /// <summary>Multiplications and additions of one run.</summary>
    public static double Flop => 2.0 * 2 * Size * Size * Channels * Channels * 9 * Repeats;

    public void Run(ScalarType type)
    {
        using var guard = no_grad();
        var (x, packed, bias) = _cases[type];
        for (var i = 0; i < Repeats; i++)
        {
            OneDnn.Convolution(x, packed, bias, null, 1, 1).Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var (x, packed, bias) in _cases.Values)
        {
            x.Dispose();
            packed.Dispose();
            bias.Dispose();
        }
    }
}
