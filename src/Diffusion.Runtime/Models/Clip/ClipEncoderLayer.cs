using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>A block of a tower: norm, attention, sum; norm, two linear layers, sum. <c>[N, L, D]</c> to the same shape.</summary>
internal sealed class ClipEncoderLayer : nn.Module<Tensor, Tensor?, Tensor>, IHasPrintedName
{
    private readonly ClipAttention _attention;
    private readonly LayerNorm _norm1;
    private readonly ClipMlp _mlp;
    private readonly LayerNorm _norm2;

    public ClipEncoderLayer(ClipTower tower, LayerOptions options)
        : base(nameof(ClipEncoderLayer))
    {
        register_module("self_attn", _attention = new ClipAttention(tower, options));
        register_module("layer_norm1", _norm1 = new LayerNorm(tower.HiddenSize, tower.Epsilon, options));
        register_module("mlp", _mlp = new ClipMlp(tower, options));
        register_module("layer_norm2", _norm2 = new LayerNorm(tower.HiddenSize, tower.Epsilon, options));
    }

    string IHasPrintedName.PrintedName => "CLIPEncoderLayer";

    /// <inheritdoc/>
    public override Tensor forward(Tensor hidden, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var seen = Residual.Add(_attention.call(_norm1.call(hidden), mask), hidden, scale: 1);

        return Residual.Add(_mlp.call(_norm2.call(seen)), seen, scale: 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
    }

    /// <summary>First values as in transformers.</summary>
    internal void Start(LayerOptions options)
    {
        _attention.Start(options);
        _mlp.Start(options);
    }
}
