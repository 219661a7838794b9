using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Diffusion.Runtime.Plotting;

/// <summary>A linear or logarithmic axis that has room for all its numbers.</summary>
/// <param name="IsLog">Whether it is logarithmic.</param>
/// <param name="Least">The least number on it; above 0 where it is logarithmic.</param>
/// <param name="Most">The largest number on it.</param>
internal sealed record PlotAxis(bool IsLog, double Least, double Most)
{
    private const double Margin = 0.04;
    private const int FewestMarks = 3;
    private static readonly int[] Digits = [1, 2, 5];

    /// <param name="log">Whether the axis is logarithmic.</param>
    /// <param name="numbers">What is to be seen; what is not finite, or has no logarithm, is not.</param>
    public static PlotAxis Of(bool log, IEnumerable<double> numbers)
    {
        var shown = numbers.Where(number => double.IsFinite(number) && (!log || number > 0)).DefaultIfEmpty(1).ToArray();
        return new(log, shown.Min(), shown.Max());
    }

    /// <summary>Where a number stands; NaN where it has no place.</summary>
    public double Position(double number) => !IsLog ? number : number > 0 ? Math.Log10(number) : double.NaN;

    /// <summary>What a logarithmic axis is marked at: 1, 2 and 5 times powers of ten, or round numbers at equal distances where that gives fewer than three.</summary>
    public IReadOnlyList<double> Marks()
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(Least)), (int)Math.Ceiling(Math.Log10(Most)));
        var marks = Shown(Enumerable.Range(first, last - first + 1).SelectMany(exponent => Digits.Select(digit => digit * Math.Pow(10, exponent))));
        if (marks.Length >= FewestMarks || Least == Most)
        {
            return marks;
        }

        var unit = Math.Pow(10, Math.Floor(Math.Log10((Most - Least) / FewestMarks)));
        var step = Digits.Select(digit => digit * unit).Last(step => step <= (Most - Least) / FewestMarks);
        return Shown(Enumerable.Range((int)Math.Floor(Least / step), 2 + (int)((Most - Least) / step)).Select(multiple => multiple * step));
    }

    public void ApplyTo(IAxis axis)
    {
        if (IsLog)
        {
            var ticks = new NumericManual();
            foreach (var mark in Marks())
            {
                ticks.AddMajor(Math.Log10(mark), mark.ToString(mark is >= 1e-4 and < 1e5 ? "0.####" : "0e+0", CultureInfo.InvariantCulture));
            }

            axis.TickGenerator = ticks;
        }
        else
        {
            axis.TickGenerator = new NumericAutomatic { LabelFormatter = value => value.ToString("0.####", CultureInfo.InvariantCulture) };
        }

        var (from, to) = (Position(Least), Position(Most));
        var room = from == to ? 1 : Margin * (to - from);
        axis.Range.Set(from - room, to + room);
    }

    private double[] Shown(IEnumerable<double> marks) => [.. marks.Where(mark => mark >= Least * 0.999 && mark <= Most * 1.001)];
}
