using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// Self-attention, attention over the text, and a feed-forward part, each of a layer norm and added to its input: <c>[N, L, C]</c> to the same shape
/// (Rombach et al. 2022, arXiv:2112.10752, appendix E.2.1).
/// </summary>
public sealed class BasicTransformerBlock : nn.Module<Tensor, TextCondition?, Tensor>
{
    private const double Epsilon = 1e-5;

    private readonly LayerNorm _norm1;
    private readonly TokenAttention _attn1;
    private readonly LayerNorm _norm2;
    private readonly TokenAttention _attn2;
    private readonly LayerNorm _norm3;
    private readonly FeedForward _ff;

    /// <summary>A block.</summary>
    /// <param name="settings">Its widths.</param>
    /// <param name="options">How the parameters are made.</param>
    public BasicTransformerBlock(Transformer2DSettings settings, LayerOptions options)
        : base(nameof(BasicTransformerBlock))
    {
        var (channels, heads) = (settings.Channels, settings.Heads);
        register_module("norm1", _norm1 = new LayerNorm(channels, Epsilon, options));
        register_module("attn1", _attn1 = new TokenAttention(channels, settings.OnlyCrossAttention ? settings.TextWidth : null, heads, settings.Upcasts, settings.Dropout, options));
        register_module("norm2", _norm2 = new LayerNorm(channels, Epsilon, options));
        register_module("attn2", _attn2 = new TokenAttention(channels, settings.TextWidth, heads, settings.Upcasts, settings.Dropout, options));
        register_module("norm3", _norm3 = new LayerNorm(channels, Epsilon, options));
        register_module("ff", _ff = new FeedForward(channels, settings.Dropout, options));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor tokens, TextCondition? text)
    {
        using var scope = NewDisposeScope();
        var first = Mixed(_attn1.LooksAtText ? SharedHalves.Split(tokens, text) : tokens, _norm1, _attn1, text);
        var second = Mixed(SharedHalves.Split(first, text), _norm2, _attn2, text);
        first.Dispose();
        using var normed = _norm3.call(second);

        return _ff.Run(normed, second).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    private static Tensor Mixed(Tensor tokens, LayerNorm norm, TokenAttention attention, TextCondition? text)
    {
        using var normed = norm.call(tokens);

        return attention.Run(normed, text, tokens);
    }
}
