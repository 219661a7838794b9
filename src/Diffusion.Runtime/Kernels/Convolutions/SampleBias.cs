using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>A convolution's bias plus what each sample's channels are given, as the time gives it: one small tensor instead of five.</summary>
internal static unsafe class SampleBias
{
    /// <summary>The bias of each sample, <c>[N, C′]</c>, on the CPU.</summary>
    /// <param name="bias"><c>[C′]</c>, float32 or bfloat16.</param>
    /// <param name="shift"><c>[N or 1, C′, 1, 1]</c>.</param>
    /// <param name="samples">N.</param>
    public static Tensor Of(Tensor bias, Tensor shift, long samples)
    {
        var channels = (int)bias.numel();
        var isHalf = bias.dtype == ScalarType.BFloat16;
        using var shifts = TensorMemory.Rows(shift.dtype == bias.dtype ? shift : shift.to(bias.dtype));
        var sums = empty([samples, channels], bias.dtype);
        var (from, to, start) = (shifts.Address, Memory.Address(sums), Memory.Address(bias));
        var isShared = shift.numel() == channels;
        for (var i = 0; i < samples * channels; i++)
        {
            var (channel, at) = (i % channels, isShared ? i % channels : i);
            if (isHalf)
                ((ushort*)to)[i] = BFloat16s.Narrow(BFloat16s.Widen(((ushort*)start)[channel]) + BFloat16s.Widen(((ushort*)from)[at]));
            else
                ((float*)to)[i] = ((float*)start)[channel] + ((float*)from)[at];
        }

        return sums;
    }
}
