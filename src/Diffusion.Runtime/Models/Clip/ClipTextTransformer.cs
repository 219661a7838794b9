using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>CLIP's text tower: vectors of tokens, blocks, a last norm. Its models hold it under the name <c>text_model</c>.</summary>
internal sealed class ClipTextTransformer : nn.Module, IHasPrintedName
{
    private readonly ClipEncoder _encoder;

    public ClipTextTransformer(ClipTextConfig config, LayerOptions options)
        : base(nameof(ClipTextTransformer))
    {
        Config = config;
        register_module("embeddings", Embeddings = new ClipTextEmbeddings(config, options));
        register_module("encoder", _encoder = new ClipEncoder(ClipTower.Of(config), options));
        register_module("final_layer_norm", FinalLayerNorm = new LayerNorm(config.HiddenSize, config.LayerNormEps, options));
    }

    public ClipTextConfig Config { get; }

    public ClipTextEmbeddings Embeddings { get; }

    public LayerNorm FinalLayerNorm { get; }

    string IHasPrintedName.PrintedName => "CLIPTextTransformer";

    /// <summary>Token vectors of ids that may be anything.</summary>
    /// <param name="ids"><c>[N, L]</c>, whole numbers.</param>
    /// <param name="model">The model's name, for messages.</param>
    /// <exception cref="DiffusionException">DIF0410, DIF0412, DIF0740: the ids are not this tower's.</exception>
    public TokenEmbeddings Embed(Tensor ids, string model)
    {
        var ends = ClipIds.Ends(ids, Config, model);
        using var whole = ids.to(ScalarType.Int64);
        using var placed = whole.to(Embeddings.Tokens.Weight.device);

        return new TokenEmbeddings(Embeddings.call(placed), ends);
    }

    /// <summary>The first blocks over token vectors, before the last norm.</summary>
    /// <param name="embeddings">Token vectors, <c>[N, L, D]</c>.</param>
    /// <param name="keep">1 where a token is seen, 0 where not, <c>[N, L]</c>; null: all are.</param>
    /// <param name="skip">How many of the last blocks do not run.</param>
    /// <param name="states">Receives what goes into each block, and what comes out of the last; null: nobody wants to know.</param>
    /// <returns>A new tensor, also the last of <paramref name="states"/>.</returns>
    public Tensor Run(Tensor embeddings, Tensor? keep, int skip = 0, ICollection<Tensor>? states = null)
    {
        ClipIds.CheckVectors(embeddings, Config);
        if (keep is not null)
            ClipIds.CheckMask(keep, embeddings.Sizes());
        using var mask = keep is null ? null : MaskedAttention.CausalMask(keep, embeddings);
        var hidden = _encoder.Run(embeddings, mask, Config.NumHiddenLayers - skip, states);
        states?.Add(hidden);

        return hidden;
    }

    /// <summary>Everything the tower says of token vectors; of a text the vector of its end stands for the whole.</summary>
    public ClipTextOutput Output(TokenEmbeddings embeddings, Tensor? keep, bool hiddenStates, Linear? projection)
    {
        using var scope = NewDisposeScope();
        var states = hiddenStates ? new List<Tensor>() : null;
        var last = FinalLayerNorm.call(Run(embeddings.Values, keep, states: states));
        var pooled = Pool(last, embeddings.Ends);
        var output = new ClipTextOutput(last, pooled, states is null ? [] : [.. states], projection?.call(pooled));
        output.MoveToOuterDisposeScope();

        return output;
    }

    /// <summary>The vector of each text's end, <c>[N, D]</c>.</summary>
    public static Tensor Pool(Tensor hidden, EquatableArray<int> ends)
    {
        if (hidden.device_type == TorchSharp.DeviceType.META)
            return empty([hidden.Sizes()[0], hidden.Sizes()[2]], hidden.dtype, hidden.device);

        using var scope = NewDisposeScope();
        var places = tensor([.. ends.Select(end => (long)end)], ScalarType.Int64).to(hidden.device);

        return hidden.gather(1, places.view(-1, 1, 1).expand(-1, 1, hidden.Sizes()[2])).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
    }

    /// <summary>First values as in transformers.</summary>
    internal void Start(LayerOptions options)
    {
        Embeddings.Start(options);
        _encoder.Start(options);
    }
}
