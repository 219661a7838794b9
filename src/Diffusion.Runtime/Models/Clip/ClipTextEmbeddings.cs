using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>A vector for each token plus one for its place: <c>[N, L]</c> (int64) to <c>[N, L, D]</c>.</summary>
internal sealed class ClipTextEmbeddings : Layer, IHasPrintedName
{
    private readonly double _deviation;
    private readonly Embedding _positions;

    public ClipTextEmbeddings(ClipTextConfig config, LayerOptions options)
        : base(nameof(ClipTextEmbeddings))
    {
        _deviation = 0.02 * config.InitializerFactor;
        register_module("token_embedding", Tokens = new Embedding(config.VocabSize, config.HiddenSize, options));
        register_module("position_embedding", _positions = new Embedding(config.MaxPositionEmbeddings, config.HiddenSize, options));
    }

    /// <summary>The vectors of tokens.</summary>
    public Embedding Tokens { get; }

    string IHasPrintedName.PrintedName => "CLIPTextEmbeddings";

    /// <inheritdoc/>
    public override Tensor forward(Tensor ids)
    {
        using var tokens = Tokens.call(ids);
        using var positions = _positions.Weight.narrow(0, 0, ids.Sizes()[1]);

        return Arithmetic.Plus(tokens, positions);
    }

    /// <summary>First values as in transformers.</summary>
    internal void Start(LayerOptions options)
    {
        options.RedrawNormal(Tokens.Weight, _deviation);
        options.RedrawNormal(_positions.Weight, _deviation);
    }
}
