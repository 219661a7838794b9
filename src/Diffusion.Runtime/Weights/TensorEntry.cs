using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights;

/// <summary>What a checkpoint says about one tensor without reading it.</summary>
/// <param name="Name">The tensor's name, such as <c>conv_in.weight</c>.</param>
/// <param name="Type">The element type in the file.</param>
/// <param name="Shape">The length of every axis, outermost first; empty for a scalar.</param>
public sealed record TensorEntry(string Name, ScalarType Type, EquatableArray<long> Shape)
{
    /// <summary>The number of elements; 1 for a scalar.</summary>
    public long ElementCount => Shape.Aggregate(1L, (count, length) => count * length);

    /// <summary>The number of bytes of the elements.</summary>
    public long ByteCount => ElementCount * ElementTypes.Size(Type);

    /// <summary>Name, type and shape: <c>conv_in.weight Float32 [8, 3, 3, 3]</c>.</summary>
    public override string ToString() => $"{Name} {Type} {Shape}";
}
