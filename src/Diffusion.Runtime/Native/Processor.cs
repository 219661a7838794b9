using System.Runtime.Intrinsics.X86;

namespace Diffusion.Runtime.Native;

/// <summary>What the processor computes with.</summary>
internal static class Processor
{
    // Leaf 7, subleaf 1: EAX bit 5 is AVX512_BF16. Leaf 7, subleaf 0: EDX bit 22 is AMX-BF16.
    private const int Avx512 = 1 << 5;
    private const int Amx = 1 << 22;

    /// <summary>Whether it multiplies bfloat16.</summary>
    public static bool HasBFloat16 { get; } = X86Base.IsSupported && ((X86Base.CpuId(7, 1).Eax & Avx512) != 0 || (X86Base.CpuId(7, 0).Edx & Amx) != 0);
}
