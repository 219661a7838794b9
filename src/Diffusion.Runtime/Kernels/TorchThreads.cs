using System;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Loops on the threads of torch's own operations. They wait for the next operation by spinning, so that threads beside them would fight them for the
/// cores.
/// </summary>
internal static unsafe class TorchThreads
{
    // Multiplications that are worth a thread: some microseconds.
    private const long PartWork = 1 << 17;

    private static readonly Lazy<bool> Works = new(SelfTest);

    /// <summary>The greatest number of parts for so many multiplications, each of them worth its thread: 1 where one is done before a second one has started.</summary>
    public static int Most(long multiplications) => (int)Math.Clamp(multiplications / PartWork, 1, int.MaxValue);

    /// <summary>Does all of 0 to <paramref name="count"/> − 1, each once, in one part for each thread.</summary>
    /// <param name="count">How many items there are.</param>
    /// <param name="most">The greatest number of parts; 1 stays on this thread.</param>
    /// <param name="part">(first, behind the last), called on several threads; exceptions come out of here.</param>
    public static void For(int count, int most, Action<int, int> part)
    {
        var parts = Math.Min(Math.Min(most, get_num_threads()), count);
        if (parts <= 1)
            part(0, count);
        else if (Works.Value)
            Torch(count, parts, part);
        else
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, i => part((int)((long)count * i / parts), (int)((long)count * (i + 1) / parts)));
    }

    private static void Torch(int count, int parts, Action<int, int> part)
    {
        var loop = new Loop(part);
        var handle = GCHandle.Alloc(loop);
        try
        {
            if (torch_parallel_for(0, count, (count + parts - 1) / parts, &Call, GCHandle.ToIntPtr(handle)) != 0)
                throw new InvalidOperationException("torch does not run the loop");
        }
        finally
        {
            handle.Free();
        }

        loop.Failure?.Throw();
    }

    // Nothing may be thrown through torch's frames.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Call(long begin, long end, nint handle)
    {
        var loop = (Loop)GCHandle.FromIntPtr(handle).Target!;
        try
        {
            loop.Part((int)begin, (int)end);
        }
        catch (Exception exception)
        {
            loop.Failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private static bool SelfTest()
    {
        try
        {
            var seen = new int[7];
            Torch(seen.Length, 2, (begin, end) =>
            {
                for (var i = begin; i < end; i++)
                    seen[i]++;
            });

            return Array.TrueForAll(seen, times => times == 1);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    // torch/csrc/stable/c/shim.h of libtorch 2.10.
    [DllImport("torch_cpu", CallingConvention = CallingConvention.Cdecl)]
    private static extern int torch_parallel_for(long begin, long end, long grain, delegate* unmanaged[Cdecl]<long, long, nint, void> part, nint context);

    private sealed class Loop(Action<int, int> part)
    {
        public Action<int, int> Part { get; } = part;

        public ExceptionDispatchInfo? Failure { get; set; }
    }
}
