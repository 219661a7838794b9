using System;
using Diffusion.Runtime.Kernels.Convolutions;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>A tensor's numbers in the order that a kernel wants: in its own memory where they lie so, otherwise in a copy that lives as long as this. Without a tensor there is no address.</summary>
internal readonly struct TensorMemory : IDisposable
{
    private readonly Tensor? _tensor;
    private readonly bool _isCopy;

    private TensorMemory(Tensor tensor, bool isCopy) => (_tensor, _isCopy, Address) = (tensor, isCopy, Memory.Address(tensor));

    /// <summary>The first number; 0 without a tensor.</summary>
    public nint Address { get; }

    /// <summary>Row-major.</summary>
    public static TensorMemory Rows(Tensor? tensor) =>
        tensor is null ? default : tensor.is_contiguous() ? new(tensor, isCopy: false) : new(tensor.contiguous(), isCopy: true);

    /// <summary>New rows of another length, in the same type; what they hold is not known.</summary>
    /// <param name="tensor"><c>[…, length]</c>.</param>
    /// <param name="length">The last axis of the new ones.</param>
    public static Tensor EmptyRows(Tensor tensor, long length)
    {
        var shape = tensor.Sizes();
        shape[^1] = length;

        return empty(shape, tensor.dtype);
    }

    /// <summary>Pixel by pixel.</summary>
    /// <param name="image"><c>[N, C, H, W]</c>.</param>
    public static TensorMemory Pixels(Tensor? image) =>
        image is null ? default : ChannelsLast.Holds(image) ? new(image, isCopy: false) : new(ChannelsLast.Pixels(image), isCopy: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isCopy)
            _tensor!.Dispose();
        GC.KeepAlive(_tensor);
    }
}
