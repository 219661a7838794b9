using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using static TorchSharp.torch;

namespace Diffusion.Parity;

/// <summary>Everything that was compared in one case: the worst place, and the first that is out of tolerance.</summary>
internal sealed class Comparison
{
    /// <summary>|a − b| ≤ <see cref="Relative"/> + <see cref="Relative"/> · max|b|, b being what was recorded (float32 against float64 is at most 3e-6).</summary>
    public const double Relative = 1e-5;

    private double _worst = -1;

    /// <summary>How far the recording itself is from the exact value, relative to its largest element, where the reference data says so; it adds to the tolerance.</summary>
    public double RecordedError { get; set; }

    /// <summary>How many values were compared.</summary>
    public long Count { get; private set; }

    /// <summary>The largest difference of the tensor that came closest to its tolerance.</summary>
    public double MaxError { get; private set; }

    /// <summary>The tolerance of that tensor.</summary>
    public double Tolerance { get; private set; }

    /// <summary>The first thing that is out of tolerance; null if all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Compares tensors of any floating type; the shapes must be equal.</summary>
    /// <param name="what">Where they come from, for the message.</param>
    /// <param name="recorded">What was recorded.</param>
    /// <param name="actual">What the library gives.</param>
    /// <param name="recordedError">How far the recording itself is from the exact value, where that was measured; it adds to the tolerance.</param>
    public void Close(string what, Tensor recorded, Tensor actual, double recordedError = 0)
    {
        if (!recorded.shape.SequenceEqual(actual.shape))
        {
            Count++;
            Fail($"{what} has shape [{string.Join(", ", actual.shape)}], recorded is [{string.Join(", ", recorded.shape)}]");
            return;
        }

        CloseNumbers(what, Values(recorded), Values(actual), recordedError);
    }

    /// <summary>Compares tensors whose tolerance is known from elsewhere; not counted among the errors that are reported.</summary>
    public void Within(string what, Tensor recorded, Tensor actual, double tolerance)
    {
        using var difference = (recorded.to(float64) - actual.detach().to(float64)).abs().max();
        Count += recorded.numel();
        if (!(difference.item<double>() <= tolerance))
        {
            Fail($"{what} differs by {Text(difference.item<double>())}, more than {Text(tolerance)}");
        }
    }

    /// <summary>Compares numbers element by element.</summary>
    public void CloseNumbers(string what, double[] recorded, double[] actual, double recordedError = 0)
    {
        if (recorded.Length != actual.Length)
        {
            Count++;
            Fail($"{what} has {actual.Length} values, {recorded.Length} are recorded");
            return;
        }

        var tolerance = recordedError + Relative + ((RecordedError + Relative) * recorded.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        var (error, index) = (0.0, 0);
        for (var i = 0; i < recorded.Length; i++)
        {
            // Equals: infinities and NaN are matched by themselves.
            var difference = recorded[i].Equals(actual[i]) ? 0 : double.IsFinite(recorded[i]) && double.IsFinite(actual[i]) ? Math.Abs(recorded[i] - actual[i]) : double.PositiveInfinity;
            (error, index) = difference > error ? (difference, i) : (error, index);
        }

        Count += recorded.Length;
        if (error / tolerance > _worst)
        {
            (_worst, MaxError, Tolerance) = (error / tolerance, error, tolerance);
        }

        if (error > tolerance)
        {
            Fail($"{what}[{index}] is {Text(actual[index])}, recorded is {Text(recorded[index])}");
        }
    }

    /// <summary>Compares values that have no tolerance.</summary>
    public void Same<T>(string what, IReadOnlyList<T> recorded, IReadOnlyList<T> actual)
    {
        Count += recorded.Count;
        if (!recorded.SequenceEqual(actual))
        {
            var index = recorded.Zip(actual).TakeWhile(pair => Equals(pair.First, pair.Second)).Count();
            Fail($"{what}[{index}] is {Text(actual.ElementAtOrDefault(index))}, recorded is {Text(recorded.ElementAtOrDefault(index))}");
        }
    }

    private static double[] Values(Tensor values)
    {
        using var flat = values.detach().to(float64).cpu().contiguous();
        return flat.data<double>().ToArray();
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "nothing";

    private void Fail(string sentence) => Failure ??= sentence;
}
