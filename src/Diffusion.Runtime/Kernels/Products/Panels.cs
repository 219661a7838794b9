using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>
/// A matrix <c>[out, in]</c> of float32 in the order in which <see cref="MatrixTile"/> reads it: panels of 32 rows, each turned, <c>[⌈out / 32⌉, in, 32]</c>, with
/// zeros behind the last row. In bfloat16 two neighbours of a row lie where one float32 lies, as <see cref="PairProduct"/> reads them: <c>[⌈out / 32⌉, in / 2, 32, 2]</c>.
/// </summary>
internal sealed unsafe class Panels : IDisposable
{
    private const int Width = MatrixTile.Columns;

    private readonly Tensor _memory;
    private readonly nint _address;

    private readonly bool _hasPairs;

    private Panels(Tensor memory, long rows, long columns, bool hasPairs) =>
        (_memory, _address, Rows, Columns, _hasPairs) = (memory, Memory.Address(memory), (int)rows, (int)columns, hasPairs);

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
    public static Panels Of(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var plain = matrix.contiguous();
        var hasPairs = plain.dtype == ScalarType.BFloat16;
        var (rows, columns) = (plain.shape[0], hasPairs ? plain.shape[1] / 2 : plain.shape[1]);
        var panels = new Panels(empty([(rows + Width - 1) / Width, columns, Width]).DetachFromDisposeScope(), rows, columns, hasPairs);
        var from = Memory.Address(plain);
        TorchThreads.For(panels.Count, int.MaxValue, (begin, end) =>
        {
            for (var panel = begin; panel < end; panel++)
                panels.Fill(panel, (float*)from);
        });

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

    private void Fill(int panel, float* matrix)
    {
        if (Present(panel) < Width)
            new Span<float>(this[panel], Columns * Width).Clear();
        Transposition.Run(matrix + ((nint)panel * Width * Columns), Columns, Present(panel), Columns, this[panel], Width);
    }

    // Rows of the matrix in a panel.
    private int Present(int panel) => Math.Min(Width, Rows - (panel * Width));
}
