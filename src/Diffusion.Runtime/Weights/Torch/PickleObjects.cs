using System.Collections.Generic;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights.Torch;

/// <summary>What a pickle may call: the whole list.</summary>
internal enum PickleCallable
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDict,

    /// <summary><c>torch._utils._rebuild_tensor_v2</c>.</summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_parameter</c>.</summary>
    RebuildParameter,
}

/// <summary>A storage class of PyTorch, such as <c>torch.FloatStorage</c>.</summary>
/// <param name="Type">The type of its elements.</param>
internal sealed record PickleStorageClass(ScalarType Type);

/// <summary>A reference to elements in another record of the file.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="Key">The record's name below <c>data/</c>.</param>
/// <param name="Count">The number of its elements.</param>
internal sealed record PickleStorage(ScalarType Type, string Key, long Count);

/// <summary>A tensor as a pickle describes it.</summary>
/// <param name="Storage">Where its elements lie.</param>
/// <param name="Offset">The position of its first element in the storage, in elements.</param>
/// <param name="Shape">The lengths of its axes.</param>
/// <param name="Strides">The steps of its axes, in elements.</param>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, EquatableArray<long> Shape, EquatableArray<long> Strides);

/// <summary>A Python tuple.</summary>
/// <param name="Items">Its elements.</param>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A Python <c>dict</c> or <c>OrderedDict</c>; it may still be filled after something else refers to it.</summary>
internal sealed class PickleDict
{
    /// <summary>Its pairs, in the order they were set.</summary>
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>Something of a class or by a function that this library does not have: made by nobody, known by its name, good for nothing.</summary>
/// <param name="Name">Module and name, such as <c>pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint</c>.</param>
internal sealed record PickleUnknown(string Name);

/// <summary>The mark that opens a run of values on the stack.</summary>
internal sealed class PickleMark
{
    /// <summary>The only one.</summary>
    public static readonly PickleMark Instance = new();

    private PickleMark()
    {
    }
}
