using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>
/// A sampler operation by operation: one tensor operation for one operator of the formula, in diffusers' order, with numbers computed in double at each
/// step. Every step frees what it made but the sample and what later steps read.
/// </summary>
/// <param name="table">Where the sampler stands at each step.</param>
internal abstract class EagerSampler(EagerTable table)
{
    private StoredTensors _outputs = null!;
    private StoredTensors _noises = null!;

    /// <summary>Where the sampler stands at each step.</summary>
    protected EagerTable Table => table;

    /// <summary>Samples once from <paramref name="initial"/>.</summary>
    /// <param name="initial">The first x, which stays as it is.</param>
    /// <param name="outputs">What the network says, in order.</param>
    /// <param name="noises">What is drawn, in order.</param>
    public Tensor Run(Tensor initial, StoredTensors outputs, StoredTensors noises)
    {
        using var run = NewDisposeScope();
        (_outputs, _noises) = (outputs, noises);
        Reset();
        var x = initial.clone();
        for (var i = 0; i < Table.Count; i++)
        {
            using var step = NewDisposeScope();
            var next = Step(i, x).MoveToOuterDisposeScope();
            x.Dispose();
            x = next;
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>x after the step.</summary>
    /// <param name="i">The step.</param>
    /// <param name="x">x before it.</param>
    protected abstract Tensor Step(int i, Tensor x);

    /// <summary>Forgets an earlier run.</summary>
    protected virtual void Reset()
    {
    }

    /// <summary>The network's output for <paramref name="input"/>; it costs nothing here.</summary>
    protected Tensor Network(Tensor input)
    {
        _ = input;
        return _outputs.Next();
    }

    /// <summary>The network's output for x/√(σ² + 1), as the samplers on σ scale their input.</summary>
    protected Tensor ScaledNetwork(Tensor x, double sigma) => Network(x / System.Math.Sqrt((sigma * sigma) + 1));

    /// <summary>Fresh noise.</summary>
    protected Tensor Noise() => _noises.Next();

    /// <summary>Keeps a tensor beyond its step.</summary>
    protected static Tensor Keep(Tensor tensor) => tensor.MoveToOuterDisposeScope();

    /// <summary>Puts the newest first, and frees what is older than <paramref name="depth"/>.</summary>
    protected static void Remember(List<Tensor> history, Tensor newest, int depth)
    {
        history.Insert(0, Keep(newest));
        if (history.Count > depth)
        {
            history[^1].Dispose();
            history.RemoveAt(depth);
        }
    }
}
