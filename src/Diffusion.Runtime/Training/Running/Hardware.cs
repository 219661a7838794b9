using System.Runtime.Intrinsics.X86;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Training;

/// <summary>Which number formats a device computes with.</summary>
internal static class Hardware
{
    // Leaf 7, subleaf 1: EAX bit 5 is AVX512_BF16. Leaf 7, subleaf 0: EDX bit 22 is AMX-BF16.
    private const int Avx512 = 1 << 5;
    private const int Amx = 1 << 22;

    /// <summary>Whether the processor multiplies bfloat16.</summary>
    public static bool HasBFloat16 { get; } = X86Base.IsSupported && ((X86Base.CpuId(7, 1).Eax & Avx512) != 0 || (X86Base.CpuId(7, 0).Edx & Amx) != 0);

    /// <summary>Refuses what training cannot compute with.</summary>
    /// <exception cref="DiffusionException">DIF0232: the hardware does not have the format, or training does not support it.</exception>
    public static void Check(Precision precision, Dsl.Device device)
    {
        if (precision == Precision.Float16)
            throw Rules.PrecisionNotOnHardware.Error(Names.Of(precision), "training in float16 needs loss scaling, which is not supported: its gradients underflow");
        if (precision == Precision.BFloat16 && device.Kind == "cpu" && !HasBFloat16)
            throw Rules.PrecisionNotOnHardware.Error(Names.Of(precision), "this processor has neither AVX512_BF16 nor AMX-BF16 and would emulate it");
    }
}
