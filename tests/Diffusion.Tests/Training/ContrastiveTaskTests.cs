using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Training;

public sealed class ContrastiveTaskTests
{
    // Of several lengths, the longest one first: the order in which they are read is another one.
    private static readonly string[] Captions = ["a red cat above a blue dog on the left", "a cat", "a blue dog on a red cat", "the dog"];

    private static readonly ClipTokenizer Tokenizer = ClipTokenizer.Train(Captions, settings: new ClipTokenizerSettings().WithMaxLength(48));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void TheLossIsThatOfPicturesAmongTrueAndFalseTexts(int falseCaptions)
    {
        using var scope = NewDisposeScope();
        using var task = new ContrastiveTask(Model(), Tokenizer) { Distort = (caption, seed) => caption + " " + (seed & 1) + "!", FalseCaptions = falseCaptions, Noise = 0.5 };
        var model = (ClipModel)task.Model;
        var (batch, draws) = Step(task);
        var loss = task.Loss(batch, draws).item<float>();

        var seeds = draws[2].data<long>().ToArray();
        var texts = Captions.Concat(Enumerable.Range(0, falseCaptions).SelectMany(turn => Captions.Select((caption, i) => caption + " " + ((seeds[i] ^ turn) & 1) + "!")));
        var noisy = batch.Images + (0.5 * draws[1] * draws[0]);
        var pictures = F.normalize(model.ImageFeatures(ClipPixels.Normalize(noisy)), dim: -1);
        var logits = F.normalize(model.TextFeatures(texts.Select(Tokenizer.Encode)), dim: -1).matmul(pictures.t()) * model.LogitScale.exp();
        var pairs = arange(4, ScalarType.Int64);
        var expected = (F.cross_entropy(logits.narrow(0, 0, 4), pairs) + F.cross_entropy(logits.t(), pairs)) / 2;
        Assert.Equal(expected.item<float>(), loss, tolerance: 1e-5f);
    }

    [Fact]
    public void TrainingTellsPicturesApart()
    {
        using var scope = NewDisposeScope();
        using var task = new ContrastiveTask(Model(), Tokenizer);
        var (batch, draws) = Step(task);
        var first = task.Loss(batch, draws).item<float>();
        Learn(task, batch, draws, steps: 30);
        Assert.InRange(first, 1, 4);
        Assert.InRange(task.Loss(batch, draws).item<float>(), 0, 0.3);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void ALockedTextTowerStaysAsItIs(Precision precision)
    {
        using var scope = NewDisposeScope();
        using var task = new ContrastiveTask(Model(), Tokenizer, precision) { TextLocked = true };
        Assert.True(task.TextLocked);
        var before = task.Model.named_parameters().ToDictionary(named => named.name, named => named.parameter.detach().clone());
        var (batch, draws) = Step(task);
        Learn(task, batch, draws, steps: 2);
        var same = task.Model.named_parameters().Where(named => named.parameter.detach().equal(before[named.name]).all().item<bool>()).Select(named => named.name).ToArray();
        Assert.Equal(before.Keys.Where(name => name.StartsWith("text_model.", StringComparison.Ordinal)).Order(), same.Where(name => name.StartsWith("text_", StringComparison.Ordinal)).Order());
        Assert.DoesNotContain("visual_projection.weight", same);
    }

    private static (ImageBatch Batch, IReadOnlyList<Tensor> Draws) Step(ContrastiveTask task)
    {
        using var random = new Generator(4);
        var batch = new ImageBatch((rand([4, 3, 8, 8], generator: random) * 2) - 1, null, Captions.ToEquatableArray(), Captions.ToEquatableArray());
        return (batch, task.Draw(batch.Images.shape, random));
    }

    private static void Learn(ContrastiveTask task, ImageBatch batch, IReadOnlyList<Tensor> draws, int steps)
    {
        using var optimizer = new AdamW(task.Model);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            task.BeginStep();
            task.Loss(batch, draws).backward();
            task.EndGradients();
            optimizer.Step(5e-3);
        }
    }

    private static ClipModel Model() => ClipModel.FromConfig(
        new ClipConfig(
            new ClipTextConfig(Tokenizer.VocabularySize, HiddenSize: 16, IntermediateSize: 32, ProjectionDim: 16, NumHiddenLayers: 2, NumAttentionHeads: 2, MaxPositionEmbeddings: 48, PadTokenId: Tokenizer.PadId, BosTokenId: Tokenizer.StartId, EosTokenId: Tokenizer.EndId),
            new ClipVisionConfig(HiddenSize: 16, IntermediateSize: 32, ProjectionDim: 16, NumHiddenLayers: 2, NumAttentionHeads: 2, ImageSize: 8, PatchSize: 4),
            ProjectionDim: 16),
        seed: 1);
}
