using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Diffusion.Benchmarks.Onnx;

/// <summary>A graph of ONNX operations (onnx.proto, opset 20) that grows node by node and is written as a model file; weights stay in a file beside it.</summary>
internal sealed class OnnxGraph
{
    private const int Float = 1;
    private const int Int64 = 7;
    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<ProtoMessage> _initializers = [];
    private readonly List<ProtoMessage> _inputs = [];
    private readonly List<ProtoMessage> _outputs = [];
    private readonly Dictionary<string, string> _constants = [];
    private int _count;

    /// <summary>An operation with one output; gives that output's name.</summary>
    /// <param name="operation">The operator's name.</param>
    /// <param name="inputs">Names; empty for an optional input that is not given.</param>
    /// <param name="attributes">long, long[], float or string each.</param>
    public string Node(string operation, string[] inputs, params (string Name, object Value)[] attributes) => Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>An operation with several outputs; gives their names.</summary>
    public string[] Nodes(string operation, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtoMessage();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => $"{operation}_{_count++}")];
        foreach (var name in names)
        {
            node.Text(2, name);
        }

        node.Text(4, operation);
        foreach (var (name, value) in attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        _nodes.Add(node);
        return names;
    }

    /// <summary>Integers that the model holds itself.</summary>
    public string Constant(params long[] values) => Constant(Int64, MemoryMarshal.AsBytes<long>(values).ToArray(), [values.Length]);

    /// <summary>Numbers that the model holds itself.</summary>
    public string Constant(float[] values) => Constant(Float, MemoryMarshal.AsBytes<float>(values).ToArray(), [values.Length]);

    /// <summary>A weight in a file beside the model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape, float32.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="offset">Bytes before it.</param>
    /// <param name="length">Its bytes.</param>
    public string Weight(string name, long[] shape, string file, long offset, long length)
    {
        ProtoMessage Entry(string key, object value) => new ProtoMessage().Text(1, key).Text(2, FormattableString.Invariant($"{value}"));
        _initializers.Add(new ProtoMessage().Integers(1, shape).Integer(2, Float).Text(8, name)
            .Message(13, Entry("location", file)).Message(13, Entry("offset", offset)).Message(13, Entry("length", length)).Integer(14, 1));
        return name;
    }

    /// <summary>An input of floats; an axis is a number or a name.</summary>
    public string Input(string name, params string[] shape)
    {
        _inputs.Add(Value(name, shape));
        return name;
    }

    /// <summary>Makes a result an output.</summary>
    public void Output(string result, string name, params string[] shape)
    {
        _nodes.Add(new ProtoMessage().Text(1, result).Text(2, name).Text(4, "Identity"));
        _outputs.Add(Value(name, shape));
    }

    /// <summary>Writes the model.</summary>
    public void Save(string path)
    {
        var graph = new ProtoMessage().Text(2, "network");
        foreach (var (field, messages) in new[] { (1, _nodes), (5, _initializers), (11, _inputs), (12, _outputs) })
        {
            messages.ForEach(message => graph.Message(field, message));
        }

        var model = new ProtoMessage().Integer(1, 9).Message(7, graph).Message(8, new ProtoMessage().Text(1, "").Integer(2, 20));
        File.WriteAllBytes(path, model.ToArray());
    }

    private static ProtoMessage Value(string name, string[] shape)
    {
        var axes = new ProtoMessage();
        foreach (var axis in shape)
        {
            axes.Message(1, long.TryParse(axis, out var size) ? new ProtoMessage().Integer(1, size) : new ProtoMessage().Text(2, axis));
        }

        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, new ProtoMessage().Integer(1, Float).Message(2, axes)));
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        var message = new ProtoMessage().Text(1, name);
        return value switch
        {
            float number => message.Real(2, number).Integer(20, 1),
            long number => message.Integer(3, number).Integer(20, 2),
            string text => message.Text(4, text).Integer(20, 3),
            long[] numbers => message.Integers(8, numbers).Integer(20, 7),
            _ => throw new ArgumentException($"an attribute of {value.GetType()} has no place here"),
        };
    }

    private string Constant(int type, byte[] bytes, long[] shape)
    {
        var key = type + Convert.ToHexString(bytes);
        if (!_constants.TryGetValue(key, out var name))
        {
            _constants.Add(key, name = $"constant_{_count++}");
            _initializers.Add(new ProtoMessage().Integers(1, shape).Integer(2, type).Text(8, name).Bytes(9, bytes));
        }

        return name;
    }
}
