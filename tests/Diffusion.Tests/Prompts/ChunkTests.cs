using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Text;

namespace Diffusion.Tests.Prompts;

public sealed class ChunkTests
{
    private const int Comma = 267;
    private const int Word = 2653;

    private static ClipTokenizer Clip => Tokenizers.Clip;

    [Fact]
    public void AShortPromptIsOneChunkEqualToItsTokens()
    {
        var tokens = Clip.Encode("a red fox, in snow");
        var chunk = Assert.Single(Clip.Chunks("a red fox, in snow").Chunks);

        Assert.Equal(tokens.Ids, chunk.Ids);
        Assert.Equal(tokens.Mask, chunk.Mask);
        Assert.Equal(tokens.Length, chunk.Length);
        Assert.All(chunk.Weights, weight => Assert.Equal(1, weight));
        Assert.Equal(77, chunk.Weights.Count);
        Assert.Equal(Clip.Encode("").Ids, Assert.Single(Clip.Chunks("").Chunks).Ids);
    }

    [Theory]
    [InlineData(75, new[] { 77 })]
    [InlineData(76, new[] { 77, 3 })]
    [InlineData(200, new[] { 77, 77, 52 })]
    public void ALongPromptIsSeveralChunksAndLosesNothing(int words, int[] lengths)
    {
        var chunks = Clip.Chunks(Words(words));

        Assert.Equal(lengths, chunks.Chunks.Select(chunk => chunk.Length));
        Assert.Equal(Enumerable.Repeat(Word, words), Contents(chunks));
        Assert.All(chunks.Chunks, chunk => Assert.Equal((49406, 49407, 77), (chunk.Ids[0], chunk.Ids[chunk.Length - 1], chunk.Ids.Count)));
    }

    // 60 words, a comma, 30 words: the comma is token 60, 15 from the end.
    [Theory]
    [InlineData(20, 63, 32)]
    [InlineData(15, 63, 32)]
    [InlineData(14, 77, 18)]
    [InlineData(0, 77, 18)]
    public void AChunkEndsWithACommaThatIsNear(int backtrack, int first, int second)
    {
        var chunks = Clip.Chunks(Words(60) + ", " + Words(30), backtrack);

        Assert.Equal([first, second], chunks.Chunks.Select(chunk => chunk.Length));
        Assert.Equal(91, Contents(chunks).Length);
        Assert.Equal(Comma, Contents(chunks)[60]);
    }

    [Fact]
    public void ACommaThatFindsItsChunkFullBeginsTheNext() => Assert.Equal([77, 4], Clip.Chunks(Words(75) + ", word").Chunks.Select(chunk => chunk.Length));

    [Fact]
    public void BreakStartsAChunk()
    {
        var chunks = Clip.Chunks("a cat BREAK\n a dog BREAK");

        Assert.Equal([Clip.Encode("a cat").Ids, Clip.Encode("a dog").Ids], chunks.Chunks.Select(chunk => chunk.Ids));
        Assert.Single(Clip.Chunks("a cat BREAKS a Break").Chunks);
        Assert.Equal([2, 3], Clip.Chunks("BREAK cat").Chunks.Select(chunk => chunk.Length));
    }

    [Fact]
    public void EachTokenHasTheWeightOfItsSegment()
    {
        var chunks = Clip.Chunks(WeightedPrompt.Parse("a (flooble:1.5) [fox] BREAK (snow)"));

        Assert.True(chunks.IsWeighted);
        Assert.Equal([1, 1, 1.5, 1.5, 1 / 1.1, 1, 1], chunks.Chunks[0].Weights.Take(7));
        Assert.Equal([49406, 320, 4062, 1059, 3240, 49407], chunks.Chunks[0].Ids.Take(6));
        Assert.Equal([1, 1.1, 1], chunks.Chunks[1].Weights.Take(3));
        Assert.Equal(77, chunks.Chunks[1].Weights.Count);
    }

    [Fact]
    public void WeightsMoveWithTheTextBehindAComma()
    {
        var chunks = Clip.Chunks(WeightedPrompt.Parse(Words(70) + ", (" + Words(10) + ":1.2)"));

        Assert.Equal([73, 12], chunks.Chunks.Select(chunk => chunk.Length));
        Assert.DoesNotContain(1.2, chunks.Chunks[0].Weights);
        Assert.Equal(10, chunks.Chunks[1].Weights.Count(weight => weight.Equals(1.2)));
    }

    [Fact]
    public void AShorterPromptIsLengthened()
    {
        var chunks = Clip.Chunks("cat").WithCount(3);

        Assert.Equal([3, 2, 2], chunks.Chunks.Select(chunk => chunk.Length));
        Assert.Equal(Clip.Encode("").Ids, chunks.Chunks[2].Ids);
        Assert.Equal("DIF0708", Assert.Throws<DiffusionException>(() => chunks.WithCount(2)).Id);
        Assert.Equal("DIF0708", Assert.Throws<DiffusionException>(() => Clip.Chunks("cat", commaBacktrack: -1)).Id);
    }

    private static string Words(int count) => string.Join(" ", Enumerable.Repeat("word", count));

    private static int[] Contents(TokenChunks chunks) => chunks.Chunks.SelectMany(chunk => chunk.Ids.Skip(1).Take(chunk.Length - 2)).ToArray();
}
