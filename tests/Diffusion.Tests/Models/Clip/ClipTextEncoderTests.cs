using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Tests.House;
using Diffusion.Tests.Prompts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models.Clip;

public sealed class ClipTextEncoderTests
{
    private static readonly ClipTextConfig Config = TinyClip.Text.WithVocabSize(Tokenizers.Tiny.VocabularySize).WithMaxPositionEmbeddings(77).WithEosTokenId(Tokenizers.Tiny.EndId);

    [Fact]
    public void APromptBecomesVectorsWithoutGradients()
    {
        using var scope = NewDisposeScope();
        using var encoder = Encoder();
        var tokens = encoder.Tokenizer.Encode("a cat");
        var text = encoder.Encode("a cat");

        Assert.Equal([1, 77, 16], text.Values.shape);
        Assert.False(text.Values.requires_grad);
        Assert.True(text.Values.Equals(encoder.Encode(tokens).Values));
        Assert.True(text.Values.allclose(encoder.Model.Encode(encoder.Model.Embed(tokens)).Values, atol: 1e-6));
        Assert.Equal([2, 77, 16], TextEmbeddings.Batch([text, encoder.Encode("")]).Values.shape);
    }

    [Fact]
    public void ChunksStandBehindEachOther()
    {
        using var scope = NewDisposeScope();
        using var encoder = new ClipTextEncoder(Tokenizers.Tiny, ClipTextModelWithProjection.FromConfig(Config));
        var chunks = encoder.Tokenizer.Chunks("a cat BREAK oil on canvas");
        var text = encoder.Encode(chunks, ClipLayer.Skipped(1));

        Assert.Equal([1, 154, 16], text.Values.shape);
        Assert.True(text.Values[.., ..77].Equals(encoder.Encode("a cat", ClipLayer.Skipped(1)).Values));
        Assert.True(text.Values[.., 77..].Equals(encoder.Encode("oil on canvas", ClipLayer.Skipped(1)).Values));
        Assert.True(text.Pooled!.Equals(encoder.Encode("a cat").Pooled!));
    }

    [Fact]
    public void WeightsMultiplyAndTheMeanStays()
    {
        using var scope = NewDisposeScope();
        using var encoder = Encoder();
        var prompt = WeightedPrompt.Parse("a (cat:1.5) on a roof");
        var chunks = encoder.Tokenizer.Chunks(prompt);
        var plain = encoder.Encode(chunks with { Chunks = chunks.Chunks.Select(chunk => chunk with { Weights = chunk.Weights.Select(_ => 1d).ToEquatableArray() }).ToEquatableArray() }).Values;
        var weighted = encoder.Encode(chunks).Values;
        var weights = tensor([.. chunks.Chunks[0].Weights.Select(weight => (float)weight)], [1, 77, 1], ScalarType.Float32);

        Assert.Contains(1.5, chunks.Chunks[0].Weights);
        Assert.Equal(plain.mean().item<float>(), weighted.mean().item<float>(), 1e-6f);
        Assert.True(weighted.allclose(plain * weights * (plain.mean() / (plain * weights).mean()), atol: 1e-6));
    }

    [Fact]
    public void BothAreLoadedFromAPipelinesFolder()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("clip-");
        try
        {
            using var encoder = Encoder();
            encoder.Model.SavePretrained(Path.Combine(folder.FullName, "text_encoder"));
            encoder.Tokenizer.Save(Path.Combine(folder.FullName, "tokenizer"));
            using var read = ClipTextEncoder.Load(folder.FullName);

            Assert.IsType<ClipTextModel>(read.Model);
            Assert.True(read.Encode("a cat").Values.Equals(encoder.Encode("a cat").Values));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void ATokenizerOfAnotherModelIsRefused()
    {
        using var few = ClipTextModel.FromConfig(Config.WithVocabSize(Tokenizers.Tiny.VocabularySize - 1).WithEosTokenId(2));
        using var @short = ClipTextModel.FromConfig(Config.WithMaxPositionEmbeddings(76));

        Assert.Equal(
            "DIF0407: vocab_size of the text encoder is 813, and the number of the tokenizer's tokens is 814; so give the tokenizer of the same checkpoint",
            Assert.Throws<DiffusionException>(() => new ClipTextEncoder(Tokenizers.Tiny, few)).Message);
        Assert.Equal("DIF0407", Assert.Throws<DiffusionException>(() => new ClipTextEncoder(Tokenizers.Tiny, @short)).Id);
    }

    [Theory]
    [InlineData("model.Encode(model.Embed(tokens))", true)]
    [InlineData("model.Encode(tokens)", false)]
    [InlineData("model.Encode(model.Encode(model.Embed(tokens)))", false)]
    [InlineData("model.Embed(model.Embed(tokens))", false)]
    [InlineData("TextEmbeddings.Batch(new[] { model.Embed(tokens) })", false)]
    public void TokensTheirEmbeddingsAndTheTextsCannotBeMixed(string expression, bool compiles)
    {
        var code = $"using Diffusion.Runtime.Models; using Diffusion.Runtime.Text; class C {{ object M(ClipTextModel model, Tokens tokens) => {expression}; }}";
        var errors = CSharpCompilation
            .Create("Mixing", [CSharpSyntaxTree.ParseText(code)], PlatformReferences.With("Diffusion.Dsl", "Diffusion.Runtime"), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .ToArray();

        Assert.Equal(compiles, errors.Length == 0);
        Assert.All(errors, error => Assert.Equal("CS1503", error.Id));
    }

    private static ClipTextEncoder Encoder() => new(Tokenizers.Tiny, ClipTextModel.FromConfig(Config));
}
