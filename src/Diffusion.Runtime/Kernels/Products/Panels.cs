using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>
/// A matrix <c>[out, in]</c> of float32 in the order in which <see cref="MatrixTile"/> reads it: panels of 32 rows, each turned, <c>[⌈out / 32⌉, in, 32]</c>, with
/// zeros behind the last row.
/// </summary>
internal sealed unsafe class Panels : IDisposable
{
    private const int Width = MatrixTile.Columns;

    private readonly Tensor _memory;
    private readonly nint _address;

    private Panels(Tensor memory, long rows, long columns) => (_memory, _address, Rows, Columns) = (memory, Memory.Address(memory), (int)rows, (int)columns);

    /// <summary>out.</summary>
    public int Rows { get; }

    /// <summary>in.</summary>
    public int Columns { get; }

    /// <summary>The number of panels.</summary>
    public int Count => (Rows + Width - 1) / Width;

    /// <summary>Bytes that the panels take.</summary>
    public long Bytes => (long)Count * Columns * Width * sizeof(float);

    /// <summary>The panels of a matrix.</summary>
    /// <param name="matrix"><c>[out, in]</c>, float32 on the CPU.</param>
    public static Panels Of(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var plain = matrix.contiguous();
        var (rows, columns) = (plain.shape[0], plain.shape[1]);
        var panels = new Panels(empty([(rows + Width - 1) / Width, columns, Width]).DetachFromDisposeScope(), rows, columns);
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
        using var scope = NewDisposeScope();

        return _memory.transpose(1, 2).reshape(Count * Width, Columns).narrow(0, 0, Rows).contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private void Fill(int panel, float* matrix)
    {
        var present = Math.Min(Width, Rows - (panel * Width));
        if (present < Width)
            new Span<float>(this[panel], Columns * Width).Clear();
        Transposition.Run(matrix + ((nint)panel * Width * Columns), Columns, present, Columns, this[panel], Width);
    }
}
