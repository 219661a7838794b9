using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Benchmarks.Training;

/// <summary>The U-Net of the diffusion course (28 × 28, 1.7 million parameters) as one writes it with TorchSharp's modules, in the names of its checkpoint.</summary>
internal sealed class HandUNet : nn.Module<Tensor, Tensor, Tensor>
{
    private const int Fine = 32;
    private const int Coarse = 64;
    private readonly Conv2d _convIn;
    private readonly Sequential _time;
    private readonly HandBlock[] _down;
    private readonly HandBlock _middle;
    private readonly HandBlock[] _up;
    private readonly GroupNorm _normOut;
    private readonly Conv2d _convOut;

    public HandUNet()
        : base(nameof(HandUNet))
    {
        register_module("conv_in", _convIn = nn.Conv2d(1, Fine, 3, padding: 1));
        _time = nn.Sequential(("linear_1", nn.Linear(Fine, 4 * Fine)), ("act", nn.SiLU()), ("linear_2", nn.Linear(4 * Fine, 4 * Fine)));
        register_module("time_embedding", _time);
        _down =
        [
            new([(Fine, Fine), (Fine, Fine)], 0, "downsamplers"),
            new([(Fine, Coarse), (Coarse, Coarse)], 2, "downsamplers"),
            new([(Coarse, Coarse), (Coarse, Coarse)], 2),
        ];
        _middle = new([(Coarse, Coarse), (Coarse, Coarse)], 1);
        _up =
        [
            new([(2 * Coarse, Coarse), (2 * Coarse, Coarse), (2 * Coarse, Coarse)], 3, "upsamplers"),
            new([(2 * Coarse, Coarse), (2 * Coarse, Coarse), (Coarse + Fine, Coarse)], 3, "upsamplers"),
            new([(Coarse + Fine, Fine), (2 * Fine, Fine), (2 * Fine, Fine)], 0),
        ];
        register_module("down_blocks", new ModuleList<HandBlock>(_down));
        register_module("mid_block", _middle);
        register_module("up_blocks", new ModuleList<HandBlock>(_up));
        register_module("conv_norm_out", _normOut = nn.GroupNorm(32, Fine));
        register_module("conv_out", _convOut = nn.Conv2d(Fine, 1, 3, padding: 1));
    }

    /// <summary>Copies the parameters of a model of the same names.</summary>
    public void Take(IEnumerable<(string Name, Parameter Value)> weights)
    {
        using var gradients = no_grad();
        var source = weights.ToDictionary(entry => entry.Name, entry => entry.Value);
        var named = named_parameters().ToArray();
        if (!source.Keys.ToHashSet().SetEquals(named.Select(entry => entry.name)))
        {
            throw new InvalidOperationException("the two models have parameters of different names");
        }

        foreach (var (name, parameter) in named)
        {
            parameter.copy_(source[name]);
        }
    }

    // x: [N, 1, 28, 28]; timesteps: [N], int64
    public override Tensor forward(Tensor x, Tensor timesteps)
    {
        var time = F.silu(_time.call(Sinusoids(timesteps)));
        var hidden = _convIn.call(x);
        var skips = new Stack<Tensor>([hidden]);
        foreach (var block in _down)
        {
            for (var i = 0; i < block.Count; i++)
            {
                skips.Push(hidden = block.Attend(i, block.Resnet(i, hidden, time)));
            }

            if (block.Resampler is not null)
            {
                skips.Push(hidden = block.Resampler.call(hidden));
            }
        }

        hidden = _middle.Resnet(1, _middle.Attend(0, _middle.Resnet(0, hidden, time)), time);
        foreach (var block in _up)
        {
            for (var i = 0; i < block.Count; i++)
            {
                hidden = block.Attend(i, block.Resnet(i, cat([hidden, skips.Pop()], 1), time));
            }

            if (block.Resampler is not null)
            {
                hidden = block.Resampler.call(F.interpolate(hidden, scale_factor: [2, 2], mode: InterpolationMode.Nearest));
            }
        }

        return _convOut.call(F.silu(_normOut.call(hidden)));
    }

    // Parts are registered above, under the names of the checkpoint.
    protected override void RegisterComponents()
    {
    }

    private static Tensor Sinusoids(Tensor timesteps)
    {
        var frequencies = (arange(0, Fine / 2, ScalarType.Float32) * -Math.Log(10_000) / (Fine / 2)).exp();
        var angles = timesteps.to(ScalarType.Float32).unsqueeze(1) * frequencies.unsqueeze(0);
        return cat([angles.cos(), angles.sin()], -1);
    }
}
