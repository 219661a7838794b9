using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>A transformer over the pixels of an image that looks at a text, with a residual connection: <c>[N, C, H, W]</c> to the same shape.</summary>
public sealed class Transformer2DModel : nn.Module<Tensor, TextCondition?, Tensor>, IFeatureMixer, ICountsProducts
{
    private const double Epsilon = 1e-6;

    private readonly GroupNorm _norm;
    private readonly nn.Module<Tensor, Tensor> _projIn;
    private readonly BasicTransformerBlock[] _blocks;
    private readonly nn.Module<Tensor, Tensor> _projOut;

    /// <summary>A transformer.</summary>
    /// <param name="settings">Its shape and kinds.</param>
    /// <param name="options">How the parameters are made.</param>
    public Transformer2DModel(Transformer2DSettings settings, LayerOptions options)
        : base(nameof(Transformer2DModel))
    {
        register_module("norm", _norm = new GroupNorm(settings.NormGroups, settings.Channels, Epsilon, options));
        register_module("proj_in", _projIn = Projection());
        _blocks = [.. Enumerable.Range(0, settings.Layers).Select(_ => new BasicTransformerBlock(settings, options))];
        register_module("transformer_blocks", new ModuleList<BasicTransformerBlock>(_blocks));
        register_module("proj_out", _projOut = Projection());

        nn.Module<Tensor, Tensor> Projection() => settings.LinearProjection
            ? new Linear(settings.Channels, settings.Channels, options)
            : new Conv2d(settings.Channels, settings.Channels, kernel: 1, stride: 1, padding: 0, options);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor features, TextCondition? text)
    {
        using var scope = NewDisposeScope();
        var shape = features.Sizes();
        using var normed = _norm.call(features);
        var tokens = PixelTokens.Of(normed);
        tokens = Replaced(tokens, Project(_projIn, tokens));
        foreach (var block in _blocks)
            tokens = Replaced(tokens, block.call(tokens, text));
        tokens = Replaced(tokens, Project(_projOut, tokens));
        var image = Replaced(tokens, PixelTokens.ToImage(tokens, [tokens.Sizes()[0], .. shape[1..]], features));

        return Residual.Add(image, SharedHalves.Split(features, image.Sizes()[0]), scale: 1).MoveToOuterDisposeScope();
    }

    // Convolutions that run as products here.
    long ICountsProducts.Products(long[] input, long[] output) => new[] { _projIn, _projOut }.OfType<Conv2d>().Sum(convolution => input[0] * convolution.InChannels * convolution.OutChannels * input[2] * input[3]);

    Tensor IFeatureMixer.Mix(Tensor features, TextCondition? text) => call(features, text);

    IEnumerable<Parameter> IFeatureMixer.parameters(bool recurse) => parameters(recurse);

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    // A 1 by 1 convolution is a linear layer over tokens.
    private static Tensor Project(nn.Module<Tensor, Tensor> projection, Tensor tokens) =>
        projection is Conv2d convolution ? convolution.RunTokens(tokens) : projection.call(tokens);

    private static Tensor Replaced(Tensor used, Tensor result)
    {
        used.Dispose();

        return result;
    }
}
