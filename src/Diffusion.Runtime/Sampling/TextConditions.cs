using System;
using System.Collections.Generic;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// The texts of one run's samples, as vectors, and what networks compute from them alone. Belongs to one run on one thread; dispose it behind the run.
/// </summary>
public sealed class TextConditions : IDisposable
{
    private readonly Tensor _text;
    private readonly Tensor? _negative;
    private readonly Dictionary<(UNet2DConditionModel Model, Conditioning Rows), PreparedText> _prepared = [];
    private Tensor? _both;

    /// <summary>Texts for a run.</summary>
    /// <param name="text">The prompts' vectors, <c>[N, L, D]</c>, of the network's type and device; taken over.</param>
    /// <param name="negative">What guidance compares with: the vectors of the negative or the empty prompts, of the same shape; null where there is no guidance. Taken over.</param>
    public TextConditions(Tensor text, Tensor? negative = null) => (_text, _negative) = (text.DetachFromDisposeScope(), negative?.DetachFromDisposeScope());

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        _text.Dispose();
        _negative?.Dispose();
        _both?.Dispose();
        foreach (var prepared in _prepared.Values)
        {
            prepared.Dispose();
        }

        _prepared.Clear();
    }

    /// <summary>The vectors of a network's rows: <c>[N, L, D]</c>, or <c>[2N, L, D]</c> for both halves, the unconditional ones first. They stay ours.</summary>
    internal Tensor Rows(Conditioning conditioning)
    {
        if (conditioning == Conditioning.Conditional)
        {
            return _text;
        }

        var negative = _negative ?? throw new InvalidOperationException("the run was given no text for the unconditional half");
        return conditioning == Conditioning.Unconditional ? negative : _both ??= torch.cat([negative, _text], 0).DetachFromDisposeScope();
    }

    /// <summary>The keys and values of a network for its rows, computed when they are first asked for.</summary>
    internal PreparedText Prepared(UNet2DConditionModel model, Conditioning conditioning)
    {
        if (!_prepared.TryGetValue((model, conditioning), out var prepared))
        {
            _prepared.Add((model, conditioning), prepared = model.PrepareText(new UNet2DCondition(Rows(conditioning))));
        }

        return prepared;
    }
}
