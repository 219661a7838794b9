using System;
using System.Runtime.InteropServices;

namespace Diffusion.Runtime.Native;

/// <summary>The library that libtorch asks for small convolutions, before its own.</summary>
internal static unsafe class Nnpack
{
    private const int Errors = 2;

    /// <summary>
    /// Leaves it out where it refuses the processor, as it does on many virtual machines. libtorch would ask it again and again, and write each time to
    /// standard error, in the middle of a program's output, that it was refused.
    /// </summary>
    /// <param name="torch">libtorch's library of the processor.</param>
    /// <param name="core">Its core, which holds the least level of what is logged.</param>
    public static void LeaveOutWhereRefused(IntPtr torch, IntPtr core)
    {
        // Names as GCC and Clang write them; elsewhere there are none, and all stays as it is.
        if (!NativeLibrary.TryGetExport(torch, "_ZN2at4_ops17_nnpack_available4callEv", out var available) ||
            !NativeLibrary.TryGetExport(torch, "_ZN2at13globalContextEv", out var context) ||
            !NativeLibrary.TryGetExport(torch, "_ZN2at7Context20setUserEnabledNNPACKEb", out var enable) ||
            !NativeLibrary.TryGetExport(core, "FLAGS_caffe2_log_level", out var flag))
            return;

        ref var level = ref *(int*)flag;
        var before = level;
        level = Math.Max(level, Errors);
        var there = ((delegate* unmanaged<byte>)available)() != 0;
        level = before;
        if (!there)
            ((delegate* unmanaged<IntPtr, byte, void>)enable)(((delegate* unmanaged<IntPtr>)context)(), 0);
    }
}
