using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights.Original;

/// <summary>Writes what PyTorch Lightning saves: the tensors under <c>state_dict</c>, and beside them objects of its own classes, in every way that pickles have.</summary>
internal static class LightningFile
{
    public static string Write(WeightsFolder folder, string name, IReadOnlyDictionary<string, Tensor> tensors, int globalStep)
    {
        var records = new Dictionary<string, byte[]>();
        var pickle = new PickleText().Op('}', '(')
            .Text("epoch").Number(3)
            .Text("global_step").Number(globalStep)
            .Text("pytorch-lightning_version").Text("1.4.2")
            .Text("state_dict").Global("collections", "OrderedDict").Op(')', 'R', '(');
        foreach (var (key, tensor) in tensors)
        {
            var record = records.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            records["data/" + record] = tensor.contiguous().bytes.ToArray();
            pickle.Text(key).Tensor(record, (int)tensor.numel(), 0, [.. tensor.shape.Select(length => (int)length)], Strides(tensor.shape));
        }

        pickle.Op('u')
            .Text("callbacks").Op('}', '(') // classes are keys, and their values hold anything
            .Global("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint").Op('}', '(')
            .Text("best_model_score").Global("numpy.core.multiarray", "scalar").Op('(').Global("numpy", "dtype").Text("f8").Op('\x85', 'R').Text("bytes").Op('t', 'R')
            .Text("best_model_path").Global("pathlib", "PosixPath").Text("/tmp/last.ckpt").Op('\x85', 'R')
            .Op('u', 'u')
            .Text("loops").Global("some.framework", "Loop").Op(')', '\x81', '}', 'b') // NEWOBJ and BUILD
            .Text("more").Global("some.framework", "Namespace").Op(')', '}', '\x92', '(').Text("items").Number(1).Op('u') // NEWOBJ_EX and SETITEMS
            .Text("list").Global("some.framework", "List").Op(')', 'R', '(').Number(1).Number(2).Op('e').Number(3).Op('a')
            .Text("old").Op('(').Global("some.framework", "Old").Number(1).Op('o')
            .Text("older").Op('(').Number(1).Op('i').Raw("some.framework\nOlder\n"u8.ToArray())
            .Text("size").Global("torch", "Size").Numbers([1, 2]).Op('\x85', 'R')
            .Text("dtype").Global("torch", "float16")
            .Text("set").Op('\x8f', '(').Number(1).Op('\x90').Text("frozen").Op('(').Number(1).Op('\x91') // of protocol 4
            .Text("bytes").Op('\x8e').Raw(1, 0, 0, 0, 0, 0, 0, 0, 9)
            .Text("defaults").Global("collections", "defaultdict").Global("builtins", "dict").Op('\x85', 'R')
            .Op('u');

        return folder.Torch(pickle.End(), records, name);
    }

    private static int[] Strides(long[] shape)
    {
        var strides = new int[shape.Length];
        for (var (i, step) = (shape.Length - 1, 1); i >= 0; step *= (int)shape[i], i--)
            strides[i] = step;

        return strides;
    }
}
