using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>How a tensor of the original layout becomes a parameter.</summary>
internal enum TensorEdit
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>A 1 by 1 convolution that is a linear layer: <c>[C′, C, 1, 1]</c> to <c>[C′, C]</c>.</summary>
    Pointwise,

    /// <summary>The first third of the rows: the query of <c>in_proj</c>.</summary>
    FirstThird,

    /// <summary>The second third of the rows: the key.</summary>
    SecondThird,

    /// <summary>The last third of the rows: the value.</summary>
    LastThird,

    /// <summary>Rows and columns exchanged.</summary>
    Transposed,
}

/// <summary>What edits do to shapes and tensors.</summary>
internal static class TensorEdits
{
    /// <summary>The shape afterwards; the same where the edit is not for such a shape, so that comparing it with the model's tells.</summary>
    public static EquatableArray<long> Shape(this TensorEdit edit, EquatableArray<long> shape) => !edit.Fits(shape) ? shape : edit switch
    {
        TensorEdit.Pointwise => EquatableArray.Of(shape[0], shape[1]),
        TensorEdit.Transposed => EquatableArray.Of(shape[1], shape[0]),
        TensorEdit.None => shape,
        _ => shape.Skip(1).Prepend(shape[0] / 3).ToEquatableArray(),
    };

    /// <summary>The tensor afterwards: a view.</summary>
    public static Tensor Apply(this TensorEdit edit, Tensor tensor)
    {
        var shape = tensor.shape.ToEquatableArray();

        return !edit.Fits(shape) ? tensor.alias() : edit switch
        {
            TensorEdit.Pointwise => tensor.view(shape[0], shape[1]),
            TensorEdit.Transposed => tensor.t(),
            TensorEdit.None => tensor.alias(),
            _ => tensor.narrow(0, (edit - TensorEdit.FirstThird) * (shape[0] / 3), shape[0] / 3),
        };
    }

    private static bool Fits(this TensorEdit edit, EquatableArray<long> shape) => edit switch
    {
        TensorEdit.Pointwise => shape.Count == 4 && shape[2] == 1 && shape[3] == 1,
        TensorEdit.Transposed => shape.Count == 2,
        TensorEdit.None => true,
        _ => shape.Count >= 1 && shape[0] % 3 == 0,
    };
}
