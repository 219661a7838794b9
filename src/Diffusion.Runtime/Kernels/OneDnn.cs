using System;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// oneDNN through the C functions that libtorch exports for ahead-of-time compiled models (torch/csrc/inductor/aoti_torch/generated/c_shim_cpu.h of libtorch 2.10): weights are
/// packed once, and sums are fused. They record no gradient.
/// </summary>
internal static unsafe class OneDnn
{
    // Packing has no C function of its own; a script reaches the operator.
    private static readonly Lazy<jit.CompilationUnit> Packer = new(() => jit.compile("""
        def convolution(weight, pad: int, stride: int, n: int, size: int):
            return torch.mkldnn_reorder_conv2d_weight(weight.to_mkldnn(), [pad, pad], [stride, stride], [1, 1], 1, [n, weight.size(1), size, size])
        def plain(weight):
            return weight.to_dense()

        """));

    /// <summary>W of a linear map, <c>[out, in]</c>, packed.</summary>
    public static Tensor PackLinear(Tensor weight)
    {
        nint copy;
        Check(NewHandle(weight.Handle, &copy));
        var stack = stackalloc ulong[2] { (ulong)copy, 0 };
        Check(Dispatch("mkldnn::_reorder_linear_weight", "", stack));

        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    /// <summary>W of a convolution, <c>[C′, C, K, K]</c>, packed.</summary>
    public static Tensor PackConvolution(Tensor weight, long stride, long padding)
    {
        using Scalar pad = padding, step = stride, count = 2, size = 32;
        lock (Packer)
        {
            return (Tensor)Packer.Value.invoke("convolution", weight, pad, step, count, size)!;
        }
    }

    /// <summary>A packed weight as it was.</summary>
    public static Tensor Plain(Tensor packed)
    {
        lock (Packer)
        {
            return (Tensor)Packer.Value.invoke("plain", packed)!;
        }
    }

    /// <summary>x Wᵀ + b, and where <paramref name="added"/> is given plus that.</summary>
    public static Tensor Linear(Tensor input, Tensor packed, Tensor? bias, Tensor? added)
    {
        nint result;
        var shift = bias?.Handle ?? 0;
        var shiftAt = bias is null ? null : &shift;
        fixed (byte* none = "none\0"u8, add = "add\0"u8)
        {
            Check(added is null
                ? LinearPointwise(input.Handle, packed.Handle, shiftAt, none, null, 0, null, &result)
                : LinearBinary(input.Handle, added.Handle, packed.Handle, shiftAt, add, &result));
        }

        return Tensor.UnsafeCreateTensor(result);
    }

    /// <summary>The convolution plus bias, and where <paramref name="added"/> is given plus that.</summary>
    public static Tensor Convolution(Tensor input, Tensor packed, Tensor bias, Tensor? added, long stride, long padding)
    {
        nint result;
        var shift = bias.Handle;
        var pads = stackalloc long[2] { padding, padding };
        var strides = stackalloc long[2] { stride, stride };
        var dilations = stackalloc long[2] { 1, 1 };
        fixed (byte* none = "none\0"u8, add = "add\0"u8)
        {
            Check(added is null
                ? ConvolutionPointwise(input.Handle, packed.Handle, &shift, pads, 2, strides, 2, dilations, 2, 1, none, null, 0, null, &result)
                : ConvolutionBinary(input.Handle, added.Handle, packed.Handle, &shift, pads, 2, strides, 2, dilations, 2, 1, add, null, null, null, 0, null, &result));
        }

        return Tensor.UnsafeCreateTensor(result);
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new InvalidOperationException("oneDNN refuses an operation.");
    }

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_new_tensor_handle", CallingConvention = CallingConvention.Cdecl)]
    private static extern int NewHandle(nint tensor, nint* result);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_call_dispatcher", CallingConvention = CallingConvention.Cdecl)]
    private static extern int Dispatch([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string overload, ulong* stack);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_cpu__linear_pointwise", CallingConvention = CallingConvention.Cdecl)]
    private static extern int LinearPointwise(nint x, nint weight, nint* bias, byte* attribute, double** scalars, long count, byte** algorithm, nint* result);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_cpu__linear_pointwise_binary", CallingConvention = CallingConvention.Cdecl)]
    private static extern int LinearBinary(nint x, nint other, nint weight, nint* bias, byte* attribute, nint* result);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_cpu_mkldnn__convolution_pointwise", CallingConvention = CallingConvention.Cdecl)]
    private static extern int ConvolutionPointwise(
        nint x, nint weight, nint* bias, long* padding, long paddings, long* stride, long strides, long* dilation, long dilations, long groups, byte* attribute, double** scalars, long count, byte** algorithm, nint* result);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_cpu_mkldnn__convolution_pointwise_binary", CallingConvention = CallingConvention.Cdecl)]
    private static extern int ConvolutionBinary(
        nint x,
        nint other,
        nint weight,
        nint* bias,
        long* padding,
        long paddings,
        long* stride,
        long strides,
        long* dilation,
        long dilations,
        long groups,
        byte* binary,
        double* alpha,
        byte** unary,
        double** scalars,
        long count,
        byte** algorithm,
        nint* result);
}
