using Diffusion.Dsl;
using Diffusion.Runtime.Native;

namespace Diffusion.Runtime.Training;

/// <summary>Which number formats a device computes with.</summary>
internal static class Hardware
{
    /// <summary>Refuses what training cannot compute with.</summary>
    /// <exception cref="DiffusionException">DIF0232: the hardware does not have the format, or training does not support it.</exception>
    public static void Check(Precision precision, Dsl.Device device)
    {
        if (precision == Precision.Float16)
            throw Rules.PrecisionNotOnHardware.Error(Names.Of(precision), "training in float16 needs loss scaling, which is not supported: its gradients underflow");
        if (precision == Precision.BFloat16 && device.Kind == "cpu" && !Processor.HasBFloat16)
            throw Rules.PrecisionNotOnHardware.Error(Names.Of(precision), "this processor has neither AVX512_BF16 nor AMX-BF16 and would emulate it");
    }
}
