using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Text;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Tokens as tensors.</summary>
public static class TokenTensors
{
    /// <summary>The numbers of some texts, one row each.</summary>
    /// <param name="texts">At least one, of one tokenizer.</param>
    /// <returns><c>[N, L]</c>, int64, on the CPU; the caller's to dispose.</returns>
    public static Tensor Ids(IEnumerable<Tokens> texts) => Rows(texts.Select(text => text.Ids));

    /// <summary>Which of them are no padding.</summary>
    /// <param name="texts">At least one, of one tokenizer.</param>
    /// <returns>1 or 0, <c>[N, L]</c>, int64, on the CPU; the caller's to dispose.</returns>
    public static Tensor Mask(IEnumerable<Tokens> texts) => Rows(texts.Select(text => text.Mask));

    /// <summary>Rows of equal length.</summary>
    internal static Tensor Rows(IEnumerable<EquatableArray<int>> rows)
    {
        var all = rows.ToArray();

        return tensor([.. all.SelectMany(row => row.Select(value => (long)value))], [all.Length, all[0].Count], ScalarType.Int64);
    }
}
