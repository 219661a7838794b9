using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Embedding = Diffusion.Runtime.Layers.Embedding;

namespace Diffusion.Runtime.Models;

/// <summary>A learned vector, then one for each patch, and their places added: <c>[N, C, H, W]</c> to <c>[N, 1 + patches, D]</c>.</summary>
internal sealed class ClipVisionEmbeddings : Layer, IHasPrintedName
{
    private readonly ClipVisionConfig _config;
    private readonly ClipPatchEmbedding _patches;
    private readonly Embedding _positions;

    public ClipVisionEmbeddings(ClipVisionConfig config, LayerOptions options)
        : base(nameof(ClipVisionEmbeddings))
    {
        _config = config;
        ClassEmbedding = options.Normal(1, requiresGrad: true, config.HiddenSize);
        register_parameter("class_embedding", ClassEmbedding);
        register_module("patch_embedding", _patches = new ClipPatchEmbedding(config.NumChannels, config.HiddenSize, config.PatchSize, options));
        register_module("position_embedding", _positions = new Embedding(config.Patches + 1, config.HiddenSize, options));
    }

    /// <summary>The vector that will stand for the whole picture, <c>[D]</c>.</summary>
    [field: ComponentName(Name = "class_embedding")]
    public Parameter ClassEmbedding { get; }

    string IHasPrintedName.PrintedName => "CLIPVisionEmbeddings";

    /// <inheritdoc/>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var whole = ClassEmbedding.view(1, 1, -1).expand(pixels.Sizes()[0], 1, -1);

        return Arithmetic.Plus(cat([whole, _patches.call(pixels)], 1), _positions.Weight).MoveToOuterDisposeScope();
    }

    /// <summary>First values as in transformers.</summary>
    internal void Start(LayerOptions options)
    {
        options.RedrawNormal(ClassEmbedding, _config.InitializerFactor / Math.Sqrt(_config.HiddenSize));
        options.RedrawNormal(_patches.Weight, _config.InitializerRange * _config.InitializerFactor);
        options.RedrawNormal(_positions.Weight, _config.InitializerRange * _config.InitializerFactor);
    }
}
