using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>x Wᵀ + b in float32 by <see cref="MatrixTile"/>; twice what a library gives that does not know this processor's vectors.</summary>
/// <param name="panels">W, <c>[out, in]</c>; taken over.</param>
internal sealed unsafe class VectorLinear(Panels panels) : ILinearKernel
{
    private const int Width = MatrixTile.Columns;

    /// <inheritdoc/>
    public Tensor Weight() => panels.ToMatrix();

    /// <inheritdoc/>
    public void Dispose() => panels.Dispose();

    /// <inheritdoc/>
    public Tensor Run(Tensor input, Tensor? bias, Tensor? added)
    {
        using var x = TensorMemory.Rows(input);
        using var other = TensorMemory.Rows(added);
        var output = TensorMemory.EmptyRows(input, panels.Rows);
        var (from, to, plus, shift) = (x.Address, Memory.Address(output), other.Address, bias is null ? 0 : Memory.Address(bias));
        Each((int)(input.numel() / panels.Columns), panels.Count, panels.Rows, (first, rows, panel) =>
        {
            var c = (float*)to + ((nint)first * panels.Rows) + (panel * Width);
            var a = (float*)from + ((nint)first * panels.Columns);
            var start = shift == 0 ? null : (float*)shift + (panel * Width);
            var add = plus == 0 ? null : (float*)plus + ((nint)first * panels.Rows) + (panel * Width);
            if ((panel + 1) * Width <= panels.Rows)
            {
                PanelProduct.Run(a, panels.Columns, rows, panels[panel], panels.Columns, start, c, panels.Rows);
                if (add is not null)
                    PanelProduct.Add(c, panels.Rows, add, panels.Rows, rows);
            }
            else
            {
                Last(a, rows, panel, start, add, c);
            }
        });

        return output;
    }

    /// <inheritdoc/>
    public Tensor RunGated(Tensor input, Tensor? bias)
    {
        var half = panels.Rows / 2;
        if (half % Width != 0)
        {
            using var wide = Run(input, bias, added: null);

            return HalfGate.Library(wide);
        }

        using var x = TensorMemory.Rows(input);
        var output = TensorMemory.EmptyRows(input, half);
        var (from, to, shift) = (x.Address, Memory.Address(output), bias is null ? 0 : Memory.Address(bias));
        Each((int)(input.numel() / panels.Columns), half / Width, panels.Rows, (first, rows, panel) =>
        {
            var gate = stackalloc float[PanelProduct.MostRows * Width];
            var c = (float*)to + ((nint)first * half) + (panel * Width);
            var a = (float*)from + ((nint)first * panels.Columns);
            var start = shift == 0 ? null : (float*)shift + (panel * Width);
            PanelProduct.Run(a, panels.Columns, rows, panels[panel + (half / Width)], panels.Columns, start is null ? null : start + half, gate, Width);
            PanelProduct.Run(a, panels.Columns, rows, panels[panel], panels.Columns, start, c, half);
            PanelProduct.Gate(c, half, gate, Width, rows);
        });

        return output;
    }

    // The panel that reaches beyond the last column is made aside.
    private void Last(float* a, int rows, int panel, float* shift, float* add, float* c)
    {
        var wide = stackalloc float[PanelProduct.MostRows * Width];
        var start = stackalloc float[Width];
        var width = panels.Rows - (panel * Width);
        new Span<float>(start, Width).Clear();
        if (shift is not null)
            new Span<float>(shift, width).CopyTo(new Span<float>(start, width));
        PanelProduct.Run(a, panels.Columns, rows, panels[panel], panels.Columns, start, wide, Width);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < width; column++)
                c[((nint)row * panels.Rows) + column] = wide[(row * Width) + column] + (add is null ? 0 : add[((nint)row * panels.Rows) + column]);
        }
    }

    private void Each(int rows, int count, int columns, Action<int, int, int> work) => RowBlocks.Each(
        rows,
        panels.Columns > 2048 ? PanelProduct.MostRows / 2 : PanelProduct.MostRows,
        count,
        (long)rows * columns * panels.Columns,
        (first, size, panel, behind) =>
        {
            for (; panel < behind; panel++)
                work(first, size, panel);
        });
}
