using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Diffusion.Tests.Weights;

/// <summary>Writes pickles as <c>torch.save</c> does, and as nobody should.</summary>
internal sealed class PickleText
{
    private readonly List<byte> _bytes = [0x80, 2];

    /// <summary>The pickle of a dict of float tensors: name, storage, number of stored elements, offset, shape and strides.</summary>
    public static byte[] OfTensors(params (string Name, string Key, int Count, int Offset, int[] Shape, int[] Strides)[] tensors)
    {
        var pickle = new PickleText().Op('}').Op('(');
        foreach (var (name, key, count, offset, shape, strides) in tensors)
            pickle.Text(name).Tensor(key, count, offset, shape, strides);
        return pickle.Op('u').End();
    }

    public PickleText Op(params char[] codes)
    {
        _bytes.AddRange(codes.Select(code => (byte)code));
        return this;
    }

    public PickleText Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleText Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op('X').Raw(BitConverter.GetBytes(bytes.Length)).Raw(bytes);
    }

    public PickleText Number(int number) => Op('J').Raw(BitConverter.GetBytes(number));

    public PickleText Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes(module + "\n" + name + "\n"));

    public PickleText Numbers(int[] numbers)
    {
        Op('(');
        foreach (var number in numbers)
            Number(number);
        return Op('t');
    }

    public PickleText Storage(string key, int count, string type = "FloatStorage") =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count).Op('t').Op('Q');

    public PickleText Tensor(string key, int count, int offset, int[] shape, int[] strides, string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(key, count, type).Number(offset).Numbers(shape).Numbers(strides)
            .Op('\x89').Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    /// <summary>What was written, without the protocol.</summary>
    public byte[] Body() => [.. _bytes.Skip(2)];

    public byte[] End() => [.. _bytes, (byte)'.'];
}
