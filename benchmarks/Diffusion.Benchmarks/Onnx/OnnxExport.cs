using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Runtime.Weights;

namespace Diffusion.Benchmarks.Onnx;

/// <summary>
/// Writes a U-Net of diffusers as the ONNX graph that torch's exporter makes of it: the same operations one by one, for ONNX Runtime to fuse. What the network is made of is read
/// from the names of its weights, which stay in the checkpoint beside the model.
/// </summary>
internal sealed class OnnxExport
{
    private const string Weights = "diffusion_pytorch_model.safetensors";
    private const long Groups = 32;
    private readonly OnnxGraph _graph = new();
    private readonly Dictionary<string, (long[] Shape, long Offset, long Length)> _weights = [];
    private readonly HashSet<string> _used = [];
    private readonly Func<long, long> _heads;

    private OnnxExport(string folder, Func<long, long> heads)
    {
        _heads = heads;
        using var reader = (MappedCheckpoint)Checkpoint.Open(Path.Combine(folder, Weights));
        foreach (var entry in reader.Entries)
            _weights.Add(entry.Name, ([.. entry.Shape], reader.Offset(entry.Name), entry.ByteCount));
    }

    /// <summary>The model's file beside the weights in a folder; made where it is not there yet.</summary>
    /// <param name="folder">A folder of diffusers with a checkpoint in float32, in one file.</param>
    /// <param name="heads">Heads of an attention over so many channels.</param>
    public static string Of(string folder, Func<long, long> heads)
    {
        var path = Path.Combine(folder, "model.onnx");
        if (!File.Exists(path))
        {
            new OnnxExport(folder, heads).Write(path);
        }

        return path;
    }

    private void Write(string path)
    {
        var channels = _weights["conv_in.weight"].Shape[1].ToString(System.Globalization.CultureInfo.InvariantCulture);
        var outputs = _weights["conv_out.weight"].Shape[0].ToString(System.Globalization.CultureInfo.InvariantCulture);
        var sample = _graph.Input("sample", "batch", channels, "height", "width");
        var time = Silu(Times(_graph.Input("timestep", "1")));
        var text = _weights.Keys.Any(name => name.Contains(".attn2.", StringComparison.Ordinal)) ? _graph.Input("encoder_hidden_states", "batch", "length", "width_of_text") : null;
        var hidden = Convolve("conv_in", sample);
        var skips = new Stack<string>([hidden]);
        for (var block = 0; Has($"down_blocks.{block}.resnets.0.conv1"); block++)
        {
            for (var i = 0; Has($"down_blocks.{block}.resnets.{i}.conv1"); i++)
            {
                hidden = Attend($"down_blocks.{block}.attentions.{i}", Resnet($"down_blocks.{block}.resnets.{i}", hidden, time), text);
                skips.Push(hidden);
            }

            if (Has($"down_blocks.{block}.downsamplers.0.conv"))
            {
                skips.Push(hidden = Convolve($"down_blocks.{block}.downsamplers.0.conv", hidden, stride: 2));
            }
        }

        hidden = Attend("mid_block.attentions.0", Resnet("mid_block.resnets.0", hidden, time), text);
        hidden = Resnet("mid_block.resnets.1", hidden, time);
        for (var block = 0; Has($"up_blocks.{block}.resnets.0.conv1"); block++)
        {
            for (var i = 0; Has($"up_blocks.{block}.resnets.{i}.conv1"); i++)
            {
                var both = _graph.Node("Concat", [hidden, skips.Pop()], ("axis", 1L));
                hidden = Attend($"up_blocks.{block}.attentions.{i}", Resnet($"up_blocks.{block}.resnets.{i}", both, time), text);
            }

            if (Has($"up_blocks.{block}.upsamplers.0.conv"))
            {
                hidden = _graph.Node("Resize", [hidden, "", _graph.Constant([1f, 1f, 2f, 2f])], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
                hidden = Convolve($"up_blocks.{block}.upsamplers.0.conv", hidden);
            }
        }

        _graph.Output(Convolve("conv_out", Silu(GroupNorm("conv_norm_out", hidden, 1e-5f))), "out_sample", "batch", outputs, "height", "width");
        if (_weights.Keys.FirstOrDefault(name => !_used.Contains(name)) is { } left)
        {
            throw new InvalidOperationException($"the export has no use for {left}");
        }

        _graph.Save(path);
    }

    private string Times(string timestep)
    {
        var half = _weights["time_embedding.linear_1.weight"].Shape[1] / 2;
        float[] frequencies = [.. Enumerable.Range(0, (int)half).Select(i => (float)Math.Exp(-Math.Log(10_000) * i / half))];
        var angles = _graph.Node("Mul", [_graph.Node("Unsqueeze", [timestep, _graph.Constant(1L)]), _graph.Constant(frequencies)]);
        var embedding = _graph.Node("Concat", [_graph.Node("Cos", [angles]), _graph.Node("Sin", [angles])], ("axis", -1L));
        return Linear("time_embedding.linear_2", Silu(Linear("time_embedding.linear_1", embedding)));
    }

    private string Resnet(string name, string input, string time)
    {
        var hidden = Convolve(name + ".conv1", Silu(GroupNorm(name + ".norm1", input, 1e-5f)));
        hidden = _graph.Node("Add", [hidden, _graph.Node("Unsqueeze", [Linear(name + ".time_emb_proj", time), _graph.Constant(2L, 3L)])]);
        hidden = Convolve(name + ".conv2", Silu(GroupNorm(name + ".norm2", hidden, 1e-5f)));
        return _graph.Node("Add", [Has(name + ".conv_shortcut") ? Convolve(name + ".conv_shortcut", input) : input, hidden]);
    }

    private string Attend(string name, string input, string? text) =>
        Has(name + ".transformer_blocks.0.attn1.to_q") ? Transform(name, input, text!)
        : Has(name + ".to_q") ? Pixels(name, input)
        : input;

    // Attention over the pixels of an image.
    private string Pixels(string name, string input)
    {
        var (tokens, shape) = Tokens(GroupNorm(name + ".group_norm", input, 1e-5f));
        return _graph.Node("Add", [Image(Mix(name, tokens, tokens), shape), input]);
    }

    private string Transform(string name, string input, string text)
    {
        var (hidden, shape) = Tokens(Convolve(name + ".proj_in", GroupNorm(name + ".norm", input, 1e-6f)));
        var block = name + ".transformer_blocks.0";
        var normed = LayerNorm(block + ".norm1", hidden);
        hidden = _graph.Node("Add", [Mix(block + ".attn1", normed, normed), hidden]);
        hidden = _graph.Node("Add", [Mix(block + ".attn2", LayerNorm(block + ".norm2", hidden), text), hidden]);
        var halves = _graph.Nodes("Split", [Linear(block + ".ff.net.0.proj", LayerNorm(block + ".norm3", hidden))], 2, ("axis", -1L), ("num_outputs", 2L));
        var gated = _graph.Node("Mul", [halves[0], _graph.Node("Gelu", [halves[1]])]);
        hidden = _graph.Node("Add", [Linear(block + ".ff.net.2", gated), hidden]);
        return _graph.Node("Add", [Convolve(name + ".proj_out", Image(hidden, shape)), input]);
    }

    private string Mix(string name, string tokens, string context)
    {
        var width = _weights[name + ".to_q.weight"].Shape[0];
        var heads = _heads(width);
        string Split(string part, string input, params long[] order) =>
            _graph.Node("Transpose", [_graph.Node("Reshape", [Linear($"{name}.{part}", input), _graph.Constant(0, 0, heads, width / heads)])], ("perm", order));
        var scores = _graph.Node("MatMul", [Split("to_q", tokens, 0, 2, 1, 3), Split("to_k", context, 0, 2, 3, 1)]);
        var shares = _graph.Node("Softmax", [_graph.Node("Mul", [scores, _graph.Constant([(float)(1 / Math.Sqrt(width / heads))])])], ("axis", -1L));
        var mixed = _graph.Node("Transpose", [_graph.Node("MatMul", [shares, Split("to_v", context, 0, 2, 1, 3)])], ("perm", new long[] { 0, 2, 1, 3 }));
        return Linear(name + ".to_out.0", _graph.Node("Reshape", [mixed, _graph.Constant(0, 0, width)]));
    }

    // [N, C, H, W] to [N, H W, C], and the shape [N, H, W, C].
    private (string Tokens, string Shape) Tokens(string image)
    {
        var pixels = _graph.Node("Transpose", [image], ("perm", new long[] { 0, 2, 3, 1 }));
        var shape = _graph.Node("Shape", [pixels]);
        var count = _graph.Node("Concat", [_graph.Node("Gather", [shape, _graph.Constant(0L)]), _graph.Constant(-1L), _graph.Node("Gather", [shape, _graph.Constant(3L)])], ("axis", 0L));
        return (_graph.Node("Reshape", [pixels, count]), shape);
    }

    private string Image(string tokens, string shape) => _graph.Node("Transpose", [_graph.Node("Reshape", [tokens, shape])], ("perm", new long[] { 0, 3, 1, 2 }));

    private string Convolve(string name, string input, long stride = 1)
    {
        var padding = _weights[name + ".weight"].Shape[2] / 2;
        return _graph.Node("Conv", [input, Weight(name + ".weight"), Weight(name + ".bias")], ("strides", new[] { stride, stride }), ("pads", new[] { padding, padding, padding, padding }));
    }

    private string Linear(string name, string input)
    {
        var product = _graph.Node("MatMul", [input, _graph.Node("Transpose", [Weight(name + ".weight")], ("perm", new long[] { 1, 0 }))]);
        return Has(name, ".bias") ? _graph.Node("Add", [product, Weight(name + ".bias")]) : product;
    }

    private string GroupNorm(string name, string input, float epsilon)
    {
        float[] Same(float value) => [.. Enumerable.Repeat(value, (int)Groups)];
        var grouped = _graph.Node("Reshape", [input, _graph.Constant(0, Groups, -1)]);
        var normed = _graph.Node("InstanceNormalization", [grouped, _graph.Constant(Same(1)), _graph.Constant(Same(0))], ("epsilon", epsilon));
        string Wide(string part) => _graph.Node("Unsqueeze", [Weight(name + part), _graph.Constant(1L, 2L)]);
        return _graph.Node("Add", [_graph.Node("Mul", [_graph.Node("Reshape", [normed, _graph.Node("Shape", [input])]), Wide(".weight")]), Wide(".bias")]);
    }

    private string LayerNorm(string name, string input) => _graph.Node("LayerNormalization", [input, Weight(name + ".weight"), Weight(name + ".bias")], ("axis", -1L), ("epsilon", 1e-5f));

    private string Silu(string input) => _graph.Node("Mul", [input, _graph.Node("Sigmoid", [input])]);

    private string Weight(string name)
    {
        if (_used.Add(name))
        {
            var (shape, offset, length) = _weights[name];
            _graph.Weight(name, shape, Weights, offset, length);
        }

        return name;
    }

    private bool Has(string name, string part = ".weight") => _weights.ContainsKey(name + part);
}
