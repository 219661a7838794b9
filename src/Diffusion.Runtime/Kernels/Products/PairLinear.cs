using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>
/// x Wᵀ + b in bfloat16 by <see cref="PairProduct"/>; sums, bias, gate and what is added are float32, and the result is rounded once. b may also be <c>[N, out]</c>: one for each of N equal
/// parts of the rows.
/// </summary>
/// <param name="panels">W, <c>[out, in]</c>, in pairs; taken over.</param>
internal sealed unsafe class PairLinear(Panels panels) : ILinearKernel
{
    private const int Width = MatrixTile.Columns;

    // bfloat16 of a block of rows: the second level of the cache holds them beside a panel.
    private const int Room = 5 << 16;

    // Their sums are 16 KB: the first level holds them beside a part of a panel.
    private const int MostRows = 128;

    private readonly int _width = 2 * panels.Columns;

    /// <summary>Whether rows are whole pairs.</summary>
    public static bool Fits(long width) => width % 2 == 0;

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
        var all = (int)(input.numel() / _width);
        var share = bias?.dim() == 2 ? all / (int)bias.Sizes()[0] : all;
        Each(all, panels.Count, (first, rows, panel, sums) =>
        {
            PairProduct.RunInPasses((ushort*)from + ((nint)first * _width), _width, rows, panels[panel], panels.Columns, sums);
            for (var (row, count) = (first, 0); row < first + rows; row += count)
            {
                // Rows of one bias.
                var (sample, inSample) = Math.DivRem(row, share);
                count = Math.Min(share - inSample, first + rows - row);
                var at = ((nint)row * panels.Rows) + (panel * Width);
                var start = shift == 0 ? null : (ushort*)shift + ((nint)sample * panels.Rows) + (panel * Width);
                PairResult.Store(
                    sums + ((row - first) * Width), count, start, plus == 0 ? null : (ushort*)plus + at, (ushort*)to + at, panels.Rows, Math.Min(Width, panels.Rows - (panel * Width)));
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

            return HalfGate.Run(wide);
        }

        using var x = TensorMemory.Rows(input);
        var output = TensorMemory.EmptyRows(input, half);
        var (from, to, shift) = (x.Address, Memory.Address(output), bias is null ? 0 : Memory.Address(bias));
        Each((int)(input.numel() / _width), half / Width, (first, rows, panel, sums) =>
        {
            var a = (ushort*)from + ((nint)first * _width);
            var gate = sums + (rows * Width);
            PairProduct.RunInPasses(a, _width, rows, panels[panel], panels.Columns, sums);
            PairProduct.RunInPasses(a, _width, rows, panels[panel + (half / Width)], panels.Columns, gate);
            var start = shift == 0 ? null : (ushort*)shift + (panel * Width);
            PairResult.StoreGated(sums, gate, rows, start, start is null ? null : start + half, (ushort*)to + ((nint)first * half) + (panel * Width), half);
        });

        return output;
    }

    // work(first row, rows, panel, room for twice as many rows of 32 floats)
    private void Each(int rows, int count, PanelWork work)
    {
        var limit = Math.Clamp(Room / _width / 8 * 8, 64, MostRows);
        var blocks = (rows + limit - 1) / limit;
        var even = (((rows + blocks - 1) / blocks) + 7) / 8 * 8;
        RowBlocks.Each(rows, even, count, (long)rows * count * Width * _width, (first, size, panel, behind) =>
        {
            using var sums = new Scratch(2 * MostRows * Width);
            for (; panel < behind; panel++)
                work(first, size, panel, sums.Floats);
        });
    }

    private delegate void PanelWork(int first, int rows, int panel, float* sums);
}
