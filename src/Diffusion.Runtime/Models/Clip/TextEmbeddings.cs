using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>
/// Texts as a U-Net reads them, behind the text encoder's blocks: one vector for each token, which knows the tokens before it. Dispose it, or hold it in
/// a dispose scope.
/// </summary>
/// <param name="Values">The vectors, <c>[N, L, D]</c>, of the encoder's type and device.</param>
/// <param name="Pooled">One vector for each text, <c>[N, P]</c>, from an encoder with projection; else null.</param>
public sealed record TextEmbeddings(Tensor Values, Tensor? Pooled = null) : IDisposable
{
    /// <summary>Texts of several values in one: <c>[N₁ + N₂ + …, L, D]</c>, such as a negative prompt and a prompt.</summary>
    /// <param name="texts">At least one, of equal L and D; they stay the caller's.</param>
    /// <returns>New tensors; pooled vectors where all have them.</returns>
    public static TextEmbeddings Batch(IEnumerable<TextEmbeddings> texts)
    {
        var all = texts.ToArray();
        var pooled = all.Select(text => text.Pooled).OfType<Tensor>().ToArray();

        return new(cat([.. all.Select(text => text.Values)], 0), pooled.Length == all.Length ? cat(pooled, 0) : null);
    }

    /// <summary>Chunks of one text behind each other: <c>[N, L₁ + L₂ + …, D]</c>.</summary>
    /// <param name="chunks">At least one, of equal N and D; they stay the caller's.</param>
    /// <returns>New tensors; the pooled vector is the first chunk's, as in stable-diffusion-webui.</returns>
    public static TextEmbeddings Join(IEnumerable<TextEmbeddings> chunks)
    {
        var all = chunks.ToArray();

        return new(cat([.. all.Select(chunk => chunk.Values)], 1), all[0].Pooled?.clone());
    }

    /// <summary>Between two texts: (1 − share) · first + share · second, vector by vector (text embeddings, not token embeddings, are what a U-Net mixes well).</summary>
    /// <param name="first">What there is at 0, <c>[N, L, D]</c>; stays the caller's.</param>
    /// <param name="second">What there is at 1, of the same shape; stays the caller's.</param>
    /// <param name="share">How much of the second, in [0, 1].</param>
    /// <returns>New tensors; pooled vectors where both have them.</returns>
    /// <exception cref="DiffusionException">DIF0711: the share is outside [0, 1]. DIF0410: the shapes differ, as those of prompts in more and fewer chunks.</exception>
    public static TextEmbeddings Mix(TextEmbeddings first, TextEmbeddings second, double share)
    {
        if (!(share >= 0 && share <= 1))
            throw Rules.ShareOutOfRange.Error("the second text", share);
        if (!first.Values.Sizes().SequenceEqual(second.Values.Sizes()))
            throw Rules.InputShape.Error("the second text", UNet2DModel.Shape(second.Values), nameof(Mix), UNet2DModel.Shape(first.Values), "encode both in as many chunks");

        using var scope = NewDisposeScope();
        Tensor Between(Tensor one, Tensor other) => Arithmetic.Mix(1 - share, one, share, other);

        return new TextEmbeddings(Between(first.Values, second.Values), first.Pooled is { } one && second.Pooled is { } other ? Between(one, other) : null).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Values.Dispose();
        Pooled?.Dispose();
    }

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    internal TextEmbeddings MoveToOuterDisposeScope()
    {
        Values.MoveToOuterDisposeScope();
        Pooled?.MoveToOuterDisposeScope();

        return this;
    }
}
