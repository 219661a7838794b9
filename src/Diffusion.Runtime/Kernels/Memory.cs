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

    /// <summary>Whether kernels over pointers take a tensor: float32 on the CPU, contiguous, and short enough for a span.</summary>
    public static bool IsPlainFloat(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.device_type == TorchSharp.DeviceType.CPU && tensor.is_contiguous() && tensor.numel() is > 0 and < int.MaxValue / sizeof(float);
}
