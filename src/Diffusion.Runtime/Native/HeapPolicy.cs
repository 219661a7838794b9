using System;
using System.Runtime.InteropServices;

namespace Diffusion.Runtime.Native;

/// <summary>When the memory comes back that training, loading and decoding leave behind.</summary>
internal static class HeapPolicy
{
    /// <summary>
    /// Lets the garbage collector free what a step of training leaves: the small native objects behind scalars and nodes of the graph. Tensors are so small
    /// to the collector that it hardly runs by itself, and each of these objects holds apart the free memory around it (measured: 36 MB a step).
    /// </summary>
    public static void AfterTrainingStep() => GC.Collect(0, GCCollectionMode.Forced, blocking: true);

    /// <summary>
    /// Gives the system the pages inside the C library's heap that nothing uses. The heap itself gives back its end alone: what was freed between the memory of weights that are still to
    /// come, or before a tensor that lives on, would stay with the process beside whatever it takes next. Without effect where the heap has no such call.
    /// </summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
            return;

        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc; others give back by themselves.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint padding);
}
