using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>
/// Self-attention over a sequence (arXiv:1706.03762, eq. 1): <c>[N, L, D]</c> and perhaps a mask <c>[N, 1, L, L]</c> to <c>[N, L, D]</c>. In the text tower a
/// position sees none behind it.
/// </summary>
internal sealed class ClipAttention : nn.Module<Tensor, Tensor?, Tensor>, IHasPrintedName, ICountsProducts
{
    private readonly ClipTower _tower;
    private readonly Linear _k;
    private readonly Linear _v;
    private readonly Linear _q;
    private readonly Linear _out;

    public ClipAttention(ClipTower tower, LayerOptions options)
        : base(nameof(ClipAttention))
    {
        _tower = tower;
        register_module("k_proj", _k = Projection());
        register_module("v_proj", _v = Projection());
        register_module("q_proj", _q = Projection());
        register_module("out_proj", _out = Projection());

        Linear Projection() => new(tower.HiddenSize, tower.HiddenSize, options);
    }

    string IHasPrintedName.PrintedName => "CLIPAttention";

    // q kᵀ and its product with v
    long ICountsProducts.Products(long[] input, long[] output) => 2 * input[0] * input[1] * input[1] * input[2];

    /// <inheritdoc/>
    public override Tensor forward(Tensor hidden, Tensor? mask)
    {
        using var q = _q.call(hidden);
        using var k = _k.call(hidden);
        using var v = _v.call(hidden);
        using var mixed = MaskedAttention.Attend(q, k, v, _tower.Heads, mask, _tower.IsCausal, training ? _tower.Dropout : 0);

        return _out.call(mixed);
    }

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
    }

    /// <summary>First values as in transformers.</summary>
    internal void Start(LayerOptions options)
    {
        foreach (var layer in new[] { _k, _v, _q, _out })
            options.Clear(layer.Bias);
        foreach (var layer in new[] { _q, _k, _v })
            options.RedrawNormal(layer.Weight, _tower.InnerDeviation);
        options.RedrawNormal(_out.Weight, _tower.OuterDeviation);
    }
}
