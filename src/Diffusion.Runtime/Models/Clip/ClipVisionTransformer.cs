using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>CLIP's vision tower: vectors of patches, a norm, blocks, and a norm of the vector that stands for the picture. Its models hold it under the name <c>vision_model</c>.</summary>
internal sealed class ClipVisionTransformer : nn.Module, IHasPrintedName
{
    private readonly ClipVisionEmbeddings _embeddings;
    private readonly LayerNorm _preNorm;
    private readonly ClipEncoder _encoder;
    private readonly LayerNorm _postNorm;

    public ClipVisionTransformer(ClipVisionConfig config, LayerOptions options)
        : base(nameof(ClipVisionTransformer))
    {
        Config = config;
        register_module("embeddings", _embeddings = new ClipVisionEmbeddings(config, options));
        register_module("pre_layrnorm", _preNorm = new LayerNorm(config.HiddenSize, config.LayerNormEps, options)); // misspelt in every checkpoint
        register_module("encoder", _encoder = new ClipEncoder(ClipTower.Of(config), options));
        register_module("post_layernorm", _postNorm = new LayerNorm(config.HiddenSize, config.LayerNormEps, options));
    }

    public ClipVisionConfig Config { get; }

    /// <summary>The parameters' type and device.</summary>
    public Tensor Like => _embeddings.ClassEmbedding;

    string IHasPrintedName.PrintedName => "CLIPVisionTransformer";

    /// <summary>Everything the tower says of some pictures.</summary>
    /// <exception cref="DiffusionException">DIF0410: pictures of another size.</exception>
    public ClipVisionOutput Output(Tensor pixels, bool hiddenStates, Linear? projection)
    {
        if (pixels.dim() != 4 || pixels.Sizes()[0] == 0 || pixels.Sizes()[1] != Config.NumChannels || pixels.Sizes()[2] != Config.ImageSize || pixels.Sizes()[3] != Config.ImageSize)
        {
            throw Rules.InputShape.Error(
                "the tensor of pictures",
                UNet2DModel.Shape(pixels),
                "this vision tower",
                $"[N, {Config.NumChannels}, {Config.ImageSize}, {Config.ImageSize}]",
                "prepare them with ClipPixels.Prepare");
        }

        using var scope = NewDisposeScope();
        var states = hiddenStates ? new List<Tensor>() : null;
        var last = _encoder.Run(_preNorm.call(_embeddings.call(pixels)), mask: null, Config.NumHiddenLayers, states);
        states?.Add(last.alias());
        var pooled = _postNorm.call(last.select(1, 0));
        var output = new ClipVisionOutput(last, pooled, states is null ? [] : [.. states], projection?.call(pooled));
        output.MoveToOuterDisposeScope();

        return output;
    }

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
    }

    /// <summary>First values as in transformers.</summary>
    internal void Start(LayerOptions options)
    {
        _embeddings.Start(options);
        _encoder.Start(options);
    }
}
