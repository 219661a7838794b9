using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Conv2d = Diffusion.Runtime.Layers.Conv2d;
using F = TorchSharp.torch.nn.functional;
using Linear = Diffusion.Runtime.Layers.Linear;

namespace Diffusion.Runtime.Models;

/// <summary>
/// A small convolutional network that reads digits of 28 x 28 pixels: the judge of generated ones. Three times convolution, ReLU and
/// max-pooling, then two linear layers; 61 thousand parameters. Trained by <c>examples/train_digits_classifier.cs</c>.
/// </summary>
public sealed class DigitClassifier : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d[] convolutions;
    private readonly Linear hidden;
    private readonly Linear output;

    private DigitClassifier(LayerOptions options)
        : base(nameof(DigitClassifier))
    {
        convolutions =
        [
            new Conv2d(1, 16, kernel: 3, stride: 1, padding: 1, options),
            new Conv2d(16, 32, kernel: 3, stride: 1, padding: 1, options),
            new Conv2d(32, 64, kernel: 3, stride: 1, padding: 1, options),
        ];
        for (var i = 0; i < convolutions.Length; i++)
            register_module(FormattableString.Invariant($"conv_{i + 1}"), convolutions[i]);
        register_module("hidden", hidden = new Linear(64 * 3 * 3, 64, options));
        register_module("output", output = new Linear(64, 10, options));
    }

    /// <summary>An untrained classifier with PyTorch's default initial values.</summary>
    /// <param name="seed">Seeds the initial values.</param>
    public static DigitClassifier Untrained(long seed = 0) => new(LayerOptions.Seeded(seed));

    /// <summary>A trained classifier.</summary>
    /// <param name="path">The weights, such as <c>models/digits/classifier.safetensors</c>.</param>
    /// <exception cref="DiffusionException">DIF0501 to DIF0513: the file is missing, damaged or of another model.</exception>
    public static DigitClassifier Load(string path)
    {
        var model = new DigitClassifier(LayerOptions.Unset());
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            StateDict.Load(model, checkpoint);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The number of parameters: 60,874.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The network as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the layers: output shape, parameters, and multiplications of one picture (MACs), with the totals.</summary>
    /// <returns>Lines that end with a line feed.</returns>
    public string Summary()
    {
        using var scope = NewDisposeScope();
        using var copy = Untrained(); // small enough to run: hooks must not stay in this one

        return ModuleSummary.Of(copy, () => copy.forward(zeros(1, 1, 28, 28)), depth: 1);
    }

    /// <summary>The digits of some pictures.</summary>
    /// <param name="images">Shape <c>[N, 1, 28, 28]</c>, float32 on the CPU, range [-1, 1], white on black.</param>
    /// <returns>One verdict for each picture, in order.</returns>
    /// <exception cref="DiffusionException">DIF0457: another shape.</exception>
    public IReadOnlyList<DigitVerdict> Classify(Tensor images)
    {
        Check(images);
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var probabilities = forward(images).softmax(-1).data<float>().ToArray();
        return probabilities.Chunk(10)
            .Select(row => new DigitVerdict(Array.IndexOf(row, row.Max()), row.Max()))
            .ToArray();
    }

    /// <summary>What the classifier knows of some pictures before it decides: the hidden layer behind its ReLU, features for a Fréchet distance.</summary>
    /// <param name="images">Shape <c>[N, 1, 28, 28]</c>, float32 on the CPU, range [-1, 1], white on black.</param>
    /// <returns>Shape <c>[N, 64]</c>, float32, at least 0, without a graph.</returns>
    /// <exception cref="DiffusionException">DIF0457: another shape.</exception>
    public Tensor Features(Tensor images)
    {
        Check(images);
        using var recording = no_grad();
        return Hidden(images);
    }

    /// <summary>Logits of the ten digits.</summary>
    /// <param name="input">Shape <c>[N, 1, 28, 28]</c>, range [-1, 1].</param>
    /// <returns>Shape <c>[N, 10]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var features = Hidden(input);
        return output.call(features);
    }

    /// <summary>Nothing: parts are registered by hand, under the names of the file.</summary>
    protected override void RegisterComponents()
    {
    }

    private static void Check(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Sizes() is not [_, 1, 28, 28])
            throw Rules.DigitShape.Error(images.Sizes().ToEquatableArray());
    }

    private Tensor Hidden(Tensor input)
    {
        using var scope = NewDisposeScope();
        foreach (var convolution in convolutions)
            input = F.max_pool2d(F.relu(convolution.call(input)), 2);

        return F.relu(hidden.call(input.flatten(1))).MoveToOuterDisposeScope();
    }
}
