using System;
using Diffusion.Runtime.Native;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>
/// A matrix <c>[out, in]</c> of float32 in the order in which <see cref="MatrixTile"/> reads it: panels of 32 rows, each turned, <c>[⌈out / 32⌉, in, 32]</c>, with
/// zeros behind the last row. In bfloat16 two neighbours of a row lie where one float32 lies, as <see cref="PairProduct"/> reads them: <c>[⌈out / 32⌉, in / 2, 32, 2]</c>.
/// </summary>
internal sealed unsafe class Panels : IDisposable
{
    private const int Width = MatrixTile.Columns;

    // Floats of a weight that become a matrix at a time.
    private const int Room = 1 << 20;

    private readonly PageMemory _memory;
    private readonly nint _address;
    private readonly bool _hasPairs;

    private Panels(long rows, long columns, bool hasPairs)
    {
        (Rows, Columns, _hasPairs) = ((int)rows, (int)columns, hasPairs);
        _memory = new PageMemory(Bytes);
        _address = _memory.Address;
    }

    /// <summary>out.</summary>
    public int Rows { get; }

    /// <summary>in; half of it in bfloat16.</summary>
    public int Columns { get; }

    /// <summary>The number of panels.</summary>
    public int Count => (Rows + Width - 1) / Width;

    /// <summary>Bytes that the panels take.</summary>
    public long Bytes => (long)Count * Columns * Width * sizeof(float);

    /// <summary>The panels of a matrix.</summary>
    /// <param name="matrix"><c>[out, in]</c>, float32 or bfloat16 on the CPU; of bfloat16 an even number in a row.</param>
    public static Panels Of(Tensor matrix) => Of(matrix, rows => rows);

    /// <summary>The panels of a weight that is no matrix yet; some megabytes of it become one at a time.</summary>
    /// <param name="weight"><c>[out, …]</c>, float32 or bfloat16 on the CPU; of bfloat16 an even number in a row.</param>
    /// <param name="matrix">Gives the matrix of some rows, <c>[rows, in]</c>.</param>
    public static Panels Of(Tensor weight, Func<Tensor, Tensor> matrix)
    {
        var hasPairs = weight.dtype == ScalarType.BFloat16;
        var (rows, columns) = (weight.Sizes()[0], weight.numel() / weight.Sizes()[0] / (hasPairs ? 2 : 1));
        var panels = new Panels(rows, columns, hasPairs);
        var share = Math.Max(get_num_threads(), Room / (panels.Columns * Width));
        for (var first = 0; first < panels.Count; first += share)
        {
            using var scope = NewDisposeScope();
            var start = first;
            var part = matrix(weight.narrow(0, start * Width, Math.Min(share * Width, panels.Rows - (start * Width)))).contiguous();
            var from = Memory.Address(part);
            TorchThreads.For(Math.Min(share, panels.Count - start), int.MaxValue, (begin, end) =>
            {
                for (var panel = begin; panel < end; panel++)
                    panels.Fill(start + panel, (float*)from + ((nint)panel * Width * panels.Columns));
            });
        }

        return panels;
    }

    /// <summary>A panel, <c>[in, 32]</c>.</summary>
    public float* this[int panel] => (float*)_address + ((nint)panel * Columns * Width);

    /// <summary>The matrix again, <c>[out, in]</c>; the same numbers.</summary>
    public Tensor ToMatrix()
    {
        var matrix = _hasPairs ? empty([Rows, 2L * Columns], ScalarType.BFloat16) : empty([Rows, Columns]);
        var to = Memory.Address(matrix);
        TorchThreads.For(Count, int.MaxValue, (begin, end) =>
        {
            for (var panel = begin; panel < end; panel++)
                Transposition.Run(this[panel], Width, Columns, Present(panel), (float*)to + ((nint)panel * Width * Columns), Columns);
        });

        return matrix;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private void Fill(int panel, float* rows)
    {
        if (Present(panel) < Width)
            new Span<float>(this[panel], Columns * Width).Clear();
        Transposition.Run(rows, Columns, Present(panel), Columns, this[panel], Width);
    }

    // Rows of the matrix in a panel.
    private int Present(int panel) => Math.Min(Width, Rows - (panel * Width));
}
