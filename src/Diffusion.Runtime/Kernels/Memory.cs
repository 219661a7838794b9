using System;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>How kernels see the memory of tensors.</summary>
internal static class Memory
{
    /// <summary>The first element of a contiguous tensor on the CPU: the memory is libtorch's and stays where it is while the tensor lives.</summary>
    public static unsafe nint Of(Tensor tensor)
    {
        fixed (byte* bytes = tensor.bytes)
            return (nint)bytes;
    }

    /// <summary>The first element of a tensor on the CPU, of any size and strides: the memory stays where it is while the tensor lives.</summary>
    public static nint Address(Tensor tensor) =>
        GetData(tensor.Handle, out var address) == 0 ? address : throw new InvalidOperationException("libtorch gives no address of a CPU tensor.");

    /// <summary>Whether kernels over pointers take a tensor: float32 on the CPU, contiguous, and short enough for a span.</summary>
    public static bool IsPlainFloat(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.device_type == TorchSharp.DeviceType.CPU && tensor.is_contiguous() && tensor.numel() is > 0 and < int.MaxValue / sizeof(float);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_get_data_ptr", CallingConvention = CallingConvention.Cdecl)]
    private static extern int GetData(nint tensor, out nint address);
}
