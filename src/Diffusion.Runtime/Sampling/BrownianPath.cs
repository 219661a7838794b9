using System;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>A Brownian path W over [start, end] for one picture, made where it is asked for: a seed, an interval and a shape fix every value.</summary>
/// <remarks>
/// <para>
/// A virtual Brownian tree: the increment over the whole interval is drawn, then halves are split by the Brownian bridge, W(middle) − W(start) =
/// ½ (W(end) − W(start)) + √(h_l h_r/h) z, until the ends of the part asked for are reached; all ends are rounded to six decimals, so that there is an end. Each z
/// has a generator of its own, whose seed is spread from the path's seed and the node's place: no order of questions changes an answer, and nothing is kept.
/// </para>
/// <para>The values are those of torchsde's <c>BrownianTree(t0, w0, t1, entropy=seed)</c> on the CPU, in float32.</para>
/// </remarks>
/// <param name="seed">The path's seed.</param>
/// <param name="start">The smaller end.</param>
/// <param name="end">The larger end.</param>
internal sealed class BrownianPath(ulong seed, double start, double end)
{
    private readonly double _start = Rounded(start);
    private readonly double _end = Rounded(end);

    /// <summary>W(to) − W(from), where from is below to; what lies outside the interval is cut off.</summary>
    /// <param name="from">The smaller end.</param>
    /// <param name="to">The larger end.</param>
    /// <param name="shape">The picture's shape.</param>
    public Tensor Increment(double from, double to, long[] shape)
    {
        var (low, high) = (Rounded(Math.Clamp(from, _start, _end)), Rounded(Math.Clamp(to, _start, _end)));
        if (low >= high)
        {
            return torch.zeros(shape);
        }

        using var scope = torch.NewDisposeScope();
        var whole = Arithmetic.Times(Normal(SeedSequence.FirstWord(seed), shape), Math.Sqrt(end - start));
        return Sum(new Node(_start, _end, 0, 0), whole, low, high, null, shape).MoveToOuterDisposeScope();
    }

    /// <summary>The sum so far and the increments of the nodes that make up [low, high], from left to right.</summary>
    private Tensor Sum(Node node, Tensor increment, double low, double high, Tensor? sum, long[] shape)
    {
        if (low == node.Start && high == node.End)
        {
            return sum is null ? increment : Arithmetic.Plus(sum, increment);
        }

        var middle = Rounded(0.5 * (node.End + node.Start));
        var (before, after, scale) = (middle - node.Start, node.End - middle, 1 / (node.End - node.Start));
        var z = Normal(SeedSequence.FirstWord(seed, node.Key, node.Depth), shape);
        var left = Arithmetic.Plus(Arithmetic.Times(Arithmetic.Times(increment, before), scale), Arithmetic.Times(z, Math.Sqrt(before * after * scale)));
        if (low < middle)
        {
            sum = Sum(node.Child(node.Start, middle, 0), left, low, Math.Min(high, middle), sum, shape);
        }

        return high > middle ? Sum(node.Child(middle, node.End, 1), increment - left, Math.Max(low, middle), high, sum, shape) : sum!;
    }

    private static Tensor Normal(uint seed, long[] shape)
    {
        using var generator = new torch.Generator(seed);
        return torch.randn(shape, generator: generator);
    }

    /// <summary>To six decimals, exactly half to even, as Python rounds.</summary>
    private static double Rounded(double value)
    {
        const double Scale = 1e6;
        var scaled = value * Scale;
        var error = Math.FusedMultiplyAdd(value, Scale, -scaled);
        var below = Math.Floor(scaled);
        var rest = scaled - below;
        return (rest == 0.5 && error != 0 ? (error > 0 ? below + 1 : below) : Math.Round(scaled)) / Scale;
    }

    private readonly record struct Node(double Start, double End, ulong Key, ulong Depth)
    {
        public Node Child(double start, double end, ulong side) => new(start, end, (2 * Key) + side, Depth + 1);
    }
}
