using System;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>Shapes of tensors for whoever asks in every step: TorchSharp's own way to them leaves an object for the finalizer behind each time, hundreds in a step of a small network.</summary>
internal static unsafe class TensorSizes
{
    /// <summary>The lengths of all axes, the same as <see cref="Tensor.shape"/>.</summary>
    public static long[] Sizes(this Tensor tensor) => Copy(tensor, GetSizes(tensor.Handle, out var sizes), sizes);

    /// <summary>Numbers from one position to the next, of each axis.</summary>
    public static long[] Strides(this Tensor tensor) => Copy(tensor, GetStrides(tensor.Handle, out var strides), strides);

    // One number for each axis, while the tensor lives.
    private static long[] Copy(Tensor tensor, int status, long* numbers)
    {
        if (status != 0 || GetDim(tensor.Handle, out var axes) != 0)
            throw new InvalidOperationException("libtorch gives no shape of a tensor.");

        var copy = new ReadOnlySpan<long>(numbers, (int)axes).ToArray();
        GC.KeepAlive(tensor);

        return copy;
    }

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_get_dim", CallingConvention = CallingConvention.Cdecl)]
    private static extern int GetDim(nint tensor, out long axes);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_get_sizes", CallingConvention = CallingConvention.Cdecl)]
    private static extern int GetSizes(nint tensor, out long* sizes);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_get_strides", CallingConvention = CallingConvention.Cdecl)]
    private static extern int GetStrides(nint tensor, out long* strides);
}
