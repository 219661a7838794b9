using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights;

/// <summary>Tensors over mapped memory that keep the mapping alive until libtorch has let go of the last of them.</summary>
/// <remarks>
/// Every view holds a reference on the mapping's handle, which libtorch's storage gives back through a deleter; a reader may therefore be
/// disposed while its tensors, or views and parameters made of them, are in use. The deleter knows the address alone.
/// </remarks>
internal static unsafe class MappedViews
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, (SafeBuffer Mapping, int Count)> Live = [];

    /// <summary>The number of addresses that tensors look at.</summary>
    public static int Count
    {
        get
        {
            lock (Gate)
            {
                return Live.Count;
            }
        }
    }

    /// <summary>Whether a tensor looks at mapped memory from this address on.</summary>
    public static bool Holds(nint address)
    {
        lock (Gate)
        {
            return Live.ContainsKey(address);
        }
    }

    /// <summary>A tensor over a part of mapped memory.</summary>
    /// <param name="mapping">The mapped memory.</param>
    /// <param name="offset">Where in it the first element lies, in bytes.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The shape, row-major.</param>
    public static Tensor Create(SafeBuffer mapping, long offset, ScalarType type, long[] shape)
    {
        byte* start = null;
        mapping.AcquirePointer(ref start);
        var address = (nint)(start + offset);
        lock (Gate)
        {
            Live[address] = (mapping, Live.TryGetValue(address, out var live) ? live.Count + 1 : 1);
        }

        fixed (long* lengths = shape)
        {
            var handle = NewTensor(address, &Release, lengths, shape.Length, (sbyte)type, (sbyte)type, (int)DeviceType.CPU, -1, 0);
            if (handle != 0)
                return Tensor.UnsafeCreateTensor(handle);
        }

        Forget(address);
        throw new OutOfMemoryException("libtorch made no tensor over a mapped file.");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint address) => Forget(address);

    private static void Forget(nint address)
    {
        SafeBuffer mapping;
        lock (Gate)
        {
            (mapping, var count) = Live[address];
            if (count == 1)
                Live.Remove(address);
            else
                Live[address] = (mapping, count - 1);
        }

        mapping.ReleasePointer();
    }

    // TorchSharp's own torch.tensor(array) goes through this; it is the one door to libtorch's from_blob that takes a deleter.
    [DllImport("LibTorchSharp", EntryPoint = "THSTensor_new", CallingConvention = CallingConvention.Cdecl)]
    private static extern nint NewTensor(
        nint data, delegate* unmanaged[Cdecl]<nint, void> deleter, long* shape, int axes, sbyte type, sbyte resultType, int device, int deviceIndex, byte requiresGrad);
}
