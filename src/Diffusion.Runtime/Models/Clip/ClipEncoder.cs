using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The blocks of a tower, one after another: <c>[N, L, D]</c> to the same shape.</summary>
internal sealed class ClipEncoder : nn.Module<Tensor, Tensor?, Tensor>, IHasPrintedName
{
    private readonly ClipEncoderLayer[] _layers;

    public ClipEncoder(ClipTower tower, LayerOptions options)
        : base(nameof(ClipEncoder))
    {
        _layers = [.. Enumerable.Range(0, tower.Layers).Select(_ => new ClipEncoderLayer(tower, options))];
        register_module("layers", new ModuleList<ClipEncoderLayer>(_layers));
    }

    string IHasPrintedName.PrintedName => "CLIPEncoder";

    /// <inheritdoc/>
    public override Tensor forward(Tensor hidden, Tensor? mask) => Run(hidden, mask, _layers.Length, states: null);

    /// <summary>The first blocks alone.</summary>
    /// <param name="hidden">What goes in, <c>[N, L, D]</c>; it stays the caller's.</param>
    /// <param name="mask"><c>[N, 1, L, L]</c>, or null.</param>
    /// <param name="count">How many blocks, at least 0.</param>
    /// <param name="states">Receives what goes into each block; null: nobody wants to know.</param>
    /// <returns>A new tensor; an alias of <paramref name="hidden"/> for no block.</returns>
    public Tensor Run(Tensor hidden, Tensor? mask, int count, ICollection<Tensor>? states)
    {
        var current = hidden.alias();
        foreach (var layer in _layers.Take(count))
        {
            var next = layer.call(current, mask);
            if (states is null)
                current.Dispose();
            else
                states.Add(current);
            current = next;
        }

        return current;
    }

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
    }

    /// <summary>First values as in transformers.</summary>
    internal void Start(LayerOptions options)
    {
        foreach (var layer in _layers)
            layer.Start(options);
    }
}
