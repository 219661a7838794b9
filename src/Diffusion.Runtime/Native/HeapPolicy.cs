using System;

namespace Diffusion.Runtime.Native;

/// <summary>When the memory comes back that training leaves behind.</summary>
internal static class HeapPolicy
{
    /// <summary>
    /// Lets the garbage collector free what a step of training leaves: the small native objects behind scalars and nodes of the graph. Tensors are so small
    /// to the collector that it hardly runs by itself, and each of these objects holds apart the free memory around it (measured: 36 MB a step).
    /// </summary>
    public static void AfterTrainingStep() => GC.Collect(0, GCCollectionMode.Forced, blocking: true);
}
