using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Text;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

/// <summary>
/// CLIP's text tower as a model (arXiv:2103.00020, section 2.4): tokens become token embeddings, and these, in blocks of causal attention, text embeddings.
/// Either <see cref="ClipTextModel"/> or <see cref="ClipTextModelWithProjection"/>. Parameters have the names of transformers' state dicts.
/// </summary>
/// <remarks>Trainable with autograd. Where no gradient is recorded (<c>torch.no_grad</c>) intermediate tensors are reused in place.</remarks>
public abstract partial class ClipTextNetwork : nn.Module<Tensor, Tensor?, ClipTextOutput>, IHasPrintedName
{
    private readonly Linear? _projection;

    private protected ClipTextNetwork(string name, ClipTextConfig config, LayerOptions options, bool hasProjection)
        : base(name)
    {
        register_module("text_model", Transformer = new ClipTextTransformer(config, options));
        if (hasProjection)
            register_module("text_projection", _projection = new Linear(config.HiddenSize, config.ProjectionDim, options, hasBias: false));
        Transformer.Start(options);
        if (_projection is not null)
            options.RedrawNormal(_projection.Weight, config.InitializerFactor / Math.Sqrt(config.HiddenSize));
    }

    /// <summary>The configuration the model was built from.</summary>
    public ClipTextConfig Config => Transformer.Config;

    /// <summary>The vectors of tokens, <c>[vocabulary, D]</c>: what textual inversion learns.</summary>
    public Embedding TokenEmbedding => Transformer.Embeddings.Tokens;

    /// <summary>The type of the parameters.</summary>
    public ScalarType DType => TokenEmbedding.Weight.dtype;

    /// <summary>The device of the parameters.</summary>
    public Device Device => TokenEmbedding.Weight.device;

    string IHasPrintedName.PrintedName => Architecture;

    /// <summary>The class in transformers.</summary>
    internal abstract string Architecture { get; }

    private ClipTextTransformer Transformer { get; }

    /// <summary>Everything the tower says of some texts.</summary>
    /// <param name="ids">The numbers of tokens, <c>[N, L]</c>, whole numbers.</param>
    /// <param name="mask">1 where a token is seen, 0 where not, <c>[N, L]</c>; null, as in Stable Diffusion: all are.</param>
    /// <exception cref="DiffusionException">DIF0410: a tensor has the wrong shape, or there are more tokens than positions. DIF0412: a number that is no token's. DIF0740: a text without an end token.</exception>
    public override ClipTextOutput forward(Tensor ids, Tensor? mask = null) => Forward(ids, mask);

    /// <summary>The same, with what goes into each block.</summary>
    /// <param name="ids">The numbers of tokens, <c>[N, L]</c>, whole numbers.</param>
    /// <param name="mask">1 where a token is seen, 0 where not, <c>[N, L]</c>; null: all are.</param>
    /// <param name="hiddenStates">Whether the hidden states are kept.</param>
    /// <exception cref="DiffusionException">DIF0410, DIF0412, DIF0740: as in <see cref="forward"/>.</exception>
    public ClipTextOutput Forward(Tensor ids, Tensor? mask = null, bool hiddenStates = false)
    {
        using var embeddings = Transformer.Embed(ids, Architecture);

        return Transformer.Output(embeddings, mask, hiddenStates, _projection);
    }

    /// <summary>Tokens as vectors: looked up, and their places added.</summary>
    /// <param name="tokens">A text's tokens; padding is embedded as well.</param>
    /// <returns>N = 1; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0410: more tokens than positions. DIF0412: a tokenizer with more tokens. DIF0740: no end token.</exception>
    public TokenEmbeddings Embed(Tokens tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        using var ids = TokenTensors.Ids([tokens]);

        return Embed(ids);
    }

    /// <summary>Tokens as vectors: looked up, and their places added.</summary>
    /// <param name="ids">The numbers of tokens, <c>[N, L]</c>, whole numbers.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0410, DIF0412, DIF0740: as in <see cref="forward"/>.</exception>
    public TokenEmbeddings Embed(Tensor ids) => Transformer.Embed(ids, Architecture);

    /// <summary>Texts as a U-Net reads them.</summary>
    /// <param name="tokens">Token embeddings of this model.</param>
    /// <param name="layer">From which block they are taken; null: <see cref="ClipLayer.Last"/>.</param>
    /// <returns>
    /// <c>[N, L, D]</c>, and with projection <c>[N, P]</c>, which is the last block's whatever <paramref name="layer"/> says; the caller's to dispose. Blocks that
    /// nothing is taken from do not run.
    /// </returns>
    /// <exception cref="DiffusionException">DIF0410: another width than this model's. DIF0405: more blocks are skipped than there are.</exception>
    public TextEmbeddings Encode(TokenEmbeddings tokens, ClipLayer? layer = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var (skip, isNormalized) = layer ?? ClipLayer.Last;
        if (skip < 0 || skip >= Config.NumHiddenLayers)
            throw Rules.ConfigOutOfRange.Error("the number of blocks that are skipped (clip skip)", skip, $"0 to {Config.NumHiddenLayers - 1}; the encoder has {Config.NumHiddenLayers} blocks");

        using var scope = NewDisposeScope();
        if (_projection is null)
        {
            var hidden = Transformer.Run(tokens.Values, keep: null, skip);

            return new TextEmbeddings(isNormalized ? Transformer.FinalLayerNorm.call(hidden) : hidden).MoveToOuterDisposeScope();
        }

        var output = Transformer.Output(tokens, keep: null, hiddenStates: skip > 0 || !isNormalized, _projection);
        var taken = skip == 0 && isNormalized ? output.LastHiddenState : output.HiddenStates[^(skip + 1)];

        return new TextEmbeddings(skip > 0 && isNormalized ? Transformer.FinalLayerNorm.call(taken) : taken, output.TextEmbeds).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
