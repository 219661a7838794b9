using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Benchmarks.StableDiffusion;

/// <summary>The decoder of Stable Diffusion's autoencoder as a port of diffusers' modules writes it: one operation of TorchSharp after the other, channels first. The baseline.</summary>
/// <param name="weights">Parameters by diffusers' names.</param>
internal sealed class EagerDecoder(IReadOnlyDictionary<string, Tensor> weights)
{
    private const int Groups = 32;

    /// <summary>Latents <c>[N, 4, h, w]</c> to images <c>[N, 3, 8h, 8w]</c>.</summary>
    public Tensor Forward(Tensor latents)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var hidden = Convolve("decoder.conv_in", Convolve("post_quant_conv", latents));
        hidden = Resnet("decoder.mid_block.resnets.0", hidden);
        hidden = Attend("decoder.mid_block.attentions.0", hidden);
        hidden = Resnet("decoder.mid_block.resnets.1", hidden);
        for (var block = 0; block < 4; block++)
        {
            for (var i = 0; i < 3; i++)
            {
                hidden = Resnet($"decoder.up_blocks.{block}.resnets.{i}", hidden);
            }

            if (block < 3)
            {
                hidden = Convolve($"decoder.up_blocks.{block}.upsamplers.0.conv", F.interpolate(hidden, scale_factor: [2, 2], mode: InterpolationMode.Nearest));
            }
        }

        return Convolve("decoder.conv_out", F.silu(Norm("decoder.conv_norm_out", hidden))).MoveToOuterDisposeScope();
    }

    private Tensor Resnet(string name, Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = Convolve(name + ".conv1", F.silu(Norm(name + ".norm1", input)));
        hidden = Convolve(name + ".conv2", F.silu(Norm(name + ".norm2", hidden)));
        var shortcut = weights.ContainsKey(name + ".conv_shortcut.weight") ? Convolve(name + ".conv_shortcut", input) : input;
        return (shortcut + hidden).MoveToOuterDisposeScope();
    }

    private Tensor Attend(string name, Tensor input)
    {
        using var scope = NewDisposeScope();
        var shape = input.shape;
        var tokens = Norm(name + ".group_norm", input).view(shape[0], shape[1], shape[2] * shape[3]).transpose(1, 2);
        Tensor Head(string part) => Linear(name + part, tokens).unsqueeze(1);
        var mixed = F.scaled_dot_product_attention(Head(".to_q"), Head(".to_k"), Head(".to_v")).squeeze(1);
        return (Linear(name + ".to_out.0", mixed).transpose(1, 2).reshape(shape) + input).MoveToOuterDisposeScope();
    }

    private Tensor Convolve(string name, Tensor input)
    {
        var weight = weights[name + ".weight"];
        var padding = weight.shape[2] / 2;
        return F.conv2d(input, weight, weights[name + ".bias"], padding: [padding, padding]);
    }

    private Tensor Linear(string name, Tensor input) => F.linear(input, weights[name + ".weight"], weights[name + ".bias"]);

    private Tensor Norm(string name, Tensor input) => F.group_norm(input, Groups, weights[name + ".weight"], weights[name + ".bias"], 1e-6);
}
