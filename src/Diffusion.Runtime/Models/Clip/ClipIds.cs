using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>What a text tower takes, and where its texts end.</summary>
internal static class ClipIds
{
    /// <summary>The place of each text's end.</summary>
    /// <param name="ids"><c>[N, L]</c>, whole numbers.</param>
    /// <param name="config">The tower's configuration.</param>
    /// <param name="model">The model's name, for messages.</param>
    /// <exception cref="DiffusionException">DIF0410: another shape or kind. DIF0412: a number that is no token's. DIF0740: a text without an end.</exception>
    public static EquatableArray<int> Ends(Tensor ids, ClipTextConfig config, string model)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.dim() != 2 || ids.numel() == 0 || ids.is_floating_point())
            throw Rules.InputShape.Error("the tensor of token ids", $"{UNet2DModel.Shape(ids)} of {ids.dtype}", model, "[N, L] of whole numbers, at least one", "give one row for each text");

        if (ids.Sizes()[1] > config.MaxPositionEmbeddings)
        {
            throw Rules.InputShape.Error(
                "the tensor of token ids", UNet2DModel.Shape(ids), model, $"at most {config.MaxPositionEmbeddings} tokens in a row", "cut longer texts off, or encode them in chunks");
        }

        UNet2DModel.CheckIndices("the tensor of token ids", ids, config.VocabSize, "tokens");
        if (ids.device_type == DeviceType.META)
            return Enumerable.Repeat(0, (int)ids.Sizes()[0]).ToEquatableArray();

        using var scope = NewDisposeScope();
        var numbers = ids.to(ScalarType.Int64).cpu().contiguous().data<long>().ToArray();

        return numbers.Chunk((int)ids.Sizes()[1]).Select((row, i) => End(row, i, config)).ToEquatableArray();
    }

    /// <exception cref="DiffusionException">DIF0410: token vectors have another shape.</exception>
    public static void CheckVectors(Tensor vectors, ClipTextConfig config)
    {
        if (vectors.dim() != 3 || vectors.Sizes()[2] != config.HiddenSize || vectors.Sizes()[1] > config.MaxPositionEmbeddings || vectors.numel() == 0)
        {
            throw Rules.InputShape.Error(
                "the tensor of token embeddings",
                UNet2DModel.Shape(vectors),
                "this text encoder",
                $"[N, L, {config.HiddenSize}] with L at most {config.MaxPositionEmbeddings}",
                "give what Embed of this very model gives");
        }
    }

    /// <exception cref="DiffusionException">DIF0410: the mask has another shape.</exception>
    public static void CheckMask(Tensor keep, long[] vectors)
    {
        if (!keep.Sizes().SequenceEqual(vectors[..2]))
            throw Rules.InputShape.Error("the attention mask", UNet2DModel.Shape(keep), "this text encoder", $"[{vectors[0]}, {vectors[1]}]", "give 1 or 0 for each token");
    }

    private static int End(long[] row, int text, ClipTextConfig config)
    {
        var end = Array.IndexOf(row, config.EndIsGreatestId ? row.Max() : config.EosTokenId);

        return end >= 0 ? end : throw Rules.NoEndToken.Error(text, config.EosTokenId);
    }
}
