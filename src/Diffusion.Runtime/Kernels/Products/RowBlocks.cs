using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>How the threads share rows times panels: blocks of rows that stay in the cache, of which each passes some panels.</summary>
internal static class RowBlocks
{
    /// <summary>What one thread does: rows from the first one on, and panels up to before the last one.</summary>
    public delegate void Work(int first, int rows, int panel, int behind);

    /// <summary>All rows and all panels, each pair once.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="size">Rows of a block.</param>
    /// <param name="panels">How many panels.</param>
    /// <param name="multiplications">Of everything; decides whether one thread is done sooner alone.</param>
    /// <param name="work">Called on several threads.</param>
    public static void Each(int rows, int size, int panels, long multiplications, Work work)
    {
        var most = Math.Min(get_num_threads(), TorchThreads.Most(multiplications));
        var blocks = (rows + size - 1) / size;
        var groups = Math.Clamp((2 * most) / blocks, 1, panels);
        TorchThreads.For(blocks * groups, most, (begin, end) =>
        {
            for (var item = begin; item < end; item++)
            {
                var (first, group) = (item / groups * size, item % groups);
                work(first, Math.Min(size, rows - first), group * panels / groups, (group + 1) * panels / groups);
            }
        });
    }
}
