using System;
using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Benchmarks.StableDiffusion;

/// <summary>
/// The U-Net of Stable Diffusion 1 as a port of diffusers' modules writes it: one operation of TorchSharp after the other, channels first, scaled_dot_product_attention. The baseline.
/// </summary>
/// <param name="weights">Parameters by diffusers' names.</param>
internal sealed class EagerUNet(IReadOnlyDictionary<string, Tensor> weights)
{
    private const int Heads = 8;
    private const int Groups = 32;

    /// <summary>Multiplications and additions of all products so far.</summary>
    public double Flop { get; private set; }

    /// <summary>One prediction, <c>[N, 4, H, W]</c>, at timestep <paramref name="t"/> under a text <c>[N, 77, 768]</c>.</summary>
    public Tensor Forward(Tensor sample, double t, Tensor text)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var time = F.silu(Embed(t, sample));
        var hidden = Convolve("conv_in", sample);
        var skips = new Stack<Tensor>([hidden]);
        for (var block = 0; block < 4; block++)
        {
            for (var i = 0; i < 2; i++)
            {
                hidden = Resnet($"down_blocks.{block}.resnets.{i}", hidden, time);
                if (block < 3)
                {
                    hidden = Transform($"down_blocks.{block}.attentions.{i}", hidden, text);
                }

                skips.Push(hidden);
            }

            if (block < 3)
            {
                skips.Push(hidden = Convolve($"down_blocks.{block}.downsamplers.0.conv", hidden, stride: 2));
            }
        }

        hidden = Resnet("mid_block.resnets.0", hidden, time);
        hidden = Transform("mid_block.attentions.0", hidden, text);
        hidden = Resnet("mid_block.resnets.1", hidden, time);
        for (var block = 0; block < 4; block++)
        {
            for (var i = 0; i < 3; i++)
            {
                hidden = Resnet($"up_blocks.{block}.resnets.{i}", cat([hidden, skips.Pop()], 1), time);
                if (block > 0)
                {
                    hidden = Transform($"up_blocks.{block}.attentions.{i}", hidden, text);
                }
            }

            if (block < 3)
            {
                hidden = F.interpolate(hidden, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
                hidden = Convolve($"up_blocks.{block}.upsamplers.0.conv", hidden);
            }
        }

        return Convolve("conv_out", F.silu(Norm("conv_norm_out", hidden, 1e-5))).MoveToOuterDisposeScope();
    }

    private Tensor Embed(double t, Tensor sample)
    {
        var frequencies = exp(arange(160, dtype: ScalarType.Float32) * (-Math.Log(10000) / 160));
        var angles = (frequencies * t).unsqueeze(0).repeat(sample.shape[0], 1);
        var embedding = cat([cos(angles), sin(angles)], -1).to(sample.dtype);
        return Linear("time_embedding.linear_2", F.silu(Linear("time_embedding.linear_1", embedding)));
    }

    private Tensor Resnet(string name, Tensor input, Tensor time)
    {
        using var scope = NewDisposeScope();
        var hidden = Convolve(name + ".conv1", F.silu(Norm(name + ".norm1", input, 1e-5)));
        hidden = hidden + Linear(name + ".time_emb_proj", time).unsqueeze(-1).unsqueeze(-1);
        hidden = Convolve(name + ".conv2", F.silu(Norm(name + ".norm2", hidden, 1e-5)));
        var shortcut = weights.ContainsKey(name + ".conv_shortcut.weight") ? Convolve(name + ".conv_shortcut", input) : input;
        return (shortcut + hidden).MoveToOuterDisposeScope();
    }

    private Tensor Transform(string name, Tensor input, Tensor text)
    {
        using var scope = NewDisposeScope();
        var shape = input.shape;
        var hidden = Convolve(name + ".proj_in", Norm(name + ".norm", input, 1e-6));
        hidden = hidden.permute(0, 2, 3, 1).reshape(shape[0], shape[2] * shape[3], shape[1]);
        var block = name + ".transformer_blocks.0";
        var normed = LayerNorm(block + ".norm1", hidden);
        hidden = Attend(block + ".attn1", normed, normed) + hidden;
        hidden = Attend(block + ".attn2", LayerNorm(block + ".norm2", hidden), text) + hidden;
        var halves = Linear(block + ".ff.net.0.proj", LayerNorm(block + ".norm3", hidden)).chunk(2, -1);
        hidden = Linear(block + ".ff.net.2", halves[0] * F.gelu(halves[1])) + hidden;
        hidden = hidden.reshape(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2).contiguous();
        return (Convolve(name + ".proj_out", hidden) + input).MoveToOuterDisposeScope();
    }

    private Tensor Attend(string name, Tensor tokens, Tensor context)
    {
        Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], Heads, x.shape[2] / Heads).transpose(1, 2);
        var (q, k, v) = (Split(Linear(name + ".to_q", tokens)), Split(Linear(name + ".to_k", context)), Split(Linear(name + ".to_v", context)));
        Flop += 4.0 * q.numel() * k.shape[2];
        var mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(tokens.shape);
        return Linear(name + ".to_out.0", mixed);
    }

    private Tensor Convolve(string name, Tensor input, long stride = 1)
    {
        var weight = weights[name + ".weight"];
        var padding = weight.shape[2] / 2;
        var result = F.conv2d(input, weight, weights[name + ".bias"], strides: [stride, stride], padding: [padding, padding]);
        Flop += 2.0 * result.numel() * (weight.numel() / weight.shape[0]);
        return result;
    }

    private Tensor Linear(string name, Tensor input)
    {
        var result = F.linear(input, weights[name + ".weight"], weights.GetValueOrDefault(name + ".bias"));
        Flop += 2.0 * result.numel() * input.shape[^1];
        return result;
    }

    private Tensor Norm(string name, Tensor input, double epsilon) => F.group_norm(input, Groups, weights[name + ".weight"], weights[name + ".bias"], epsilon);

    private Tensor LayerNorm(string name, Tensor input) => F.layer_norm(input, [input.shape[^1]], weights[name + ".weight"], weights[name + ".bias"], 1e-5);
}
