using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.StableDiffusion;

/// <summary>The full-size U-Net in one type, as the library runs it and by hand, on the same numbers.</summary>
internal sealed class UNetCase : IDisposable
{
    // The step that is timed, among those of DDIM(40).
    private const int Step = 12;

    private readonly UNet2DConditionModel _model;
    private readonly PreparedTimes _times;
    private readonly Dictionary<string, Tensor> _plain = [];

    /// <param name="type">float32 or bfloat16.</param>
    /// <param name="withHand">Whether the modules by hand are there too, with plain weights of their own.</param>
    public UNetCase(ScalarType type, bool withHand)
    {
        Type = type;
        _model = UNet2DConditionModel.FromPretrained(FullSize.UNet(), type, memory: WeightMemory.Packed);
        if (withHand)
        {
            using var reader = Checkpoint.Open(FullSize.UNet());
            foreach (var entry in reader.Entries)
            {
                using var read = reader.Read(entry.Name);
                _plain.Add(entry.Name, read.to(type, copy: true).DetachFromDisposeScope());
            }
        }

        _times = _model.PrepareTimes([.. Timesteps]);
    }

    public ScalarType Type { get; }

    public UNet2DConditionModel Model => _model;

    public static IEnumerable<double> Timesteps => Enumerable.Range(0, 40).Select(i => 975.0 - (25 * i));

    /// <summary>What depends on the prompt alone, once.</summary>
    public PreparedText Prepare(Tensor text)
    {
        using var typed = text.to(Type);
        return _model.PrepareText(new UNet2DCondition(typed));
    }

    /// <summary>As the pipelines' loop calls it.</summary>
    public Tensor Library(Tensor sample, PreparedText text)
    {
        using var guard = no_grad();
        using var typed = sample.to(Type);
        return _model.Forward(typed, _times, Step, text);
    }

    /// <summary>Multiplications and additions of one evaluation.</summary>
    public double Flop(Tensor sample, Tensor text)
    {
        using var guard = no_grad();
        var hand = new EagerUNet(_plain);
        hand.Forward(sample, 0, text).Dispose();
        return hand.Flop;
    }

    /// <summary>As a port of diffusers' modules does it.</summary>
    public Tensor Hand(Tensor sample, Tensor text)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return new EagerUNet(_plain).Forward(sample.to(Type), Timesteps.ElementAt(Step), text.to(Type)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _times.Dispose();
        _model.Dispose();
        foreach (var value in _plain.Values)
        {
            value.Dispose();
        }
    }
}
