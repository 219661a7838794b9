using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Torch;

/// <content>The few things a pickle may name, and what calling them gives.</content>
internal sealed partial class PickleReader
{
    private static readonly HashSet<string> HarmfulBuiltins =
    [
        "__import__", "apply", "breakpoint", "compile", "delattr", "eval", "exec", "execfile", "file", "getattr", "globals", "input", "locals", "open", "raw_input", "reload",
        "setattr", "vars",
    ];

    private static readonly HashSet<string> HarmfulPackages =
    [
        "_pickle", "asyncio", "bdb", "code", "commands", "ctypes", "http", "imp", "importlib", "multiprocessing", "nt", "os", "pdb", "pickle", "pip", "posix", "pty",
        "requests", "runpy", "shutil", "socket", "subprocess", "sys", "timeit", "urllib", "webbrowser",
    ];

    private void PushStackGlobal()
    {
        var names = Pop(2);
        Push(names is [string module, string name] ? Global(module, name) : throw Damaged("its pickle names something without a name"));
    }

    private object Global(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => PickleCallable.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2") => PickleCallable.RebuildTensor,
        ("torch._utils", "_rebuild_parameter") => PickleCallable.RebuildParameter,
        ("torch", _) when ElementTypes.OfStorage(name) is { } type => new PickleStorageClass(type),
        ("torch", _) when name.EndsWith("Storage", System.StringComparison.Ordinal) =>
            throw Rules.ElementTypeUnsupported.Error("(any)", _path, "torch." + FileText.Printable(name), ElementTypes.Names),
        _ when IsHarmful(module, name) => throw Forbidden(FileText.Printable(module + "." + name)),
        _ => new PickleUnknown(FileText.Printable(module + "." + name)),
    };

    // Nothing of any module runs here, so this keeps nobody safe; but a file that names these was made to harm whoever opens it in Python.
    private static bool IsHarmful(string module, string name) => module.Split('.')[0] switch
    {
        "builtins" or "__builtin__" => HarmfulBuiltins.Contains(name),
        var package => HarmfulPackages.Contains(package),
    };

    private void Reduce()
    {
        var call = Pop(2);
        if (call[1] is not PickleTuple { Items: var arguments })
            throw Damaged("its pickle calls something without arguments");
        Push(call[0] switch
        {
            PickleCallable.OrderedDict => Dict(arguments),
            PickleCallable.RebuildTensor => Tensor(arguments),
            PickleCallable.RebuildParameter => arguments is [PickleTensor data, ..] ? data : throw Damaged("a parameter in its pickle has no tensor"),
            PickleUnknown unknown => unknown,
            _ => throw Damaged("its pickle calls what cannot be called"),
        });
    }

    /// <summary>An object of a class, which is not made: what is known of it is its class.</summary>
    private void Construct(List<object?> parts) =>
        Push(parts is [PickleUnknown unknown, ..] ? unknown : throw Forbidden("the construction of an object of an arbitrary class"));

    // The attributes of a state dict (its _metadata) say which version of each module wrote it: nothing of this library's concern.
    private void Build()
    {
        Pop(1);
        if (Top() is not (PickleDict or PickleUnknown))
            throw Forbidden("the restoration of an object's attributes");
    }

    private PickleDict Dict(object?[] arguments)
    {
        var dict = new PickleDict();
        if (arguments is [List<object?> pairs])
        {
            foreach (var pair in pairs)
            {
                dict.Items.Add(pair switch
                {
                    PickleTuple { Items: [var key, var value] } => (key, value),
                    List<object?> and [var key, var value] => (key, value),
                    _ => throw Damaged("an OrderedDict in its pickle is made of something else than pairs"),
                });
            }
        }
        else if (arguments.Length > 0)
        {
            throw Damaged("an OrderedDict in its pickle is made of something else than pairs");
        }

        return dict;
    }

    private PickleTensor Tensor(object?[] arguments)
    {
        if (arguments is not [PickleStorage storage, long offset, PickleTuple { Items: var shape }, PickleTuple { Items: var strides }, ..])
            throw Damaged("a tensor in its pickle lacks its storage, offset, size or stride");
        if (offset < 0 || shape.Length != strides.Length || shape.Concat(strides).Any(value => value is not >= 0L))
            throw Damaged("a tensor in its pickle has a size, stride or offset that is not a whole number from 0 on");

        return new PickleTensor(storage, offset, shape.Cast<long>().ToEquatableArray(), strides.Cast<long>().ToEquatableArray());
    }

    private PickleStorage Persistent(object? id) =>
        id is PickleTuple { Items: ["storage", PickleStorageClass { Type: var type }, string key, string, >= 0L and var count] }
            ? new PickleStorage(type, key, (long)count)
            : throw Damaged("its pickle refers to something else than a storage");
}
