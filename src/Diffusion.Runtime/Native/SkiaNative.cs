using System;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Diffusion.Runtime.Native;

/// <summary>Finds SkiaSharp's native library where ordinary loading does not look: beside the managed libraries that a script references.</summary>
internal static class SkiaNative
{
    /// <summary>The loaded library, or zero where it is another one or not there.</summary>
    /// <param name="asking">The assembly that asks.</param>
    /// <param name="library">The name it asks for.</param>
    public static IntPtr Resolve(Assembly asking, string library)
    {
        if (library != "libSkiaSharp")
        {
            return IntPtr.Zero;
        }

        // Its file is called libSkiaSharp on Windows, too.
        var file = NativeSearch.Find(NativeSearch.Folders(), OperatingSystem.IsWindows() ? library : "SkiaSharp");
        return file is not null && NativeLibrary.TryLoad(file, out var handle) ? handle : IntPtr.Zero;
    }
}
