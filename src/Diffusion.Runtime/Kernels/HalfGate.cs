using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Kernels;

/// <summary>One half of a tensor's last axis times gelu of the other (Shazeer 2020, arXiv:2002.05202), without gradients.</summary>
internal static unsafe class HalfGate
{
    private const int Lanes = 16;

    /// <summary>a · gelu(b) of <c>[…, a then b]</c>: for bfloat16 on a CPU with vectors of 16 floats in one pass, otherwise by the library.</summary>
    public static Tensor Run(Tensor halves)
    {
        var width = (int)(halves.Sizes()[^1] / 2);
        if (!Vector512.IsHardwareAccelerated || halves.dtype != ScalarType.BFloat16 || halves.device_type != TorchSharp.DeviceType.CPU || width % Lanes != 0 || !halves.is_contiguous())
            return Library(halves);

        var output = empty([.. halves.Sizes()[..^1], width], ScalarType.BFloat16);
        var (from, to) = (Memory.Address(halves), Memory.Address(output));
        TorchThreads.For((int)(output.numel() / width), int.MaxValue, (begin, end) =>
        {
            for (nint row = begin; row < end; row++)
                Row((ushort*)from + (2 * row * width), (ushort*)to + (row * width), width);
        });

        return output;
    }

    /// <summary>By the library.</summary>
    internal static Tensor Library(Tensor halves)
    {
        using var scope = NewDisposeScope();
        var parts = halves.chunk(2, -1);
        var gate = F.gelu(parts[1]);

        return gate.mul_(parts[0]).MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(ushort* from, ushort* to, int width)
    {
        for (var i = 0; i < width; i += Lanes)
            BFloat16s.Store(BFloat16s.Load(from + i) * VectorMath.Gelu(BFloat16s.Load(from + width + i)), to + i);
    }
}
