using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Text;

namespace Diffusion.Tests.Prompts;

public sealed class BytePairTrainingTests
{
    private static readonly string[] Texts = ["a red circle", "a red ring", "a big red Circle", "reading"];

    [Fact]
    public void EveryWordOfTheTextsBecomesOneToken()
    {
        var tokenizer = ClipTokenizer.Train(Texts);
        Assert.All(Texts.SelectMany(text => text.Split(' ')), word => Assert.Single(tokenizer.Ids(word)));
        Assert.Equal(tokenizer.Ids("circle"), tokenizer.Ids("CIRCLE"));
        Assert.Equal([tokenizer.StartId, .. tokenizer.Ids("a red ring"), tokenizer.EndId], tokenizer.Encode("a red ring").Ids.Take(5));
    }

    [Fact]
    public void TheMostFrequentPairComesFirstAndOfEqualOnesTheFirstInOrder()
    {
        // r·e occurs four times; behind it re·d</w> three times.
        var merges = BytePairTraining.Merges(Texts, 2);
        Assert.Equal(["r e", "re d</w>"], merges);
        Assert.Equal(merges, BytePairTraining.Merges(Texts, 2));
    }

    [Fact]
    public void WordsThatTheTextsLackAreReadByteByByte() => Assert.Equal(6, ClipTokenizer.Train(Texts, merges: 0).Ids("zürich").Count - 1);

    [Fact]
    public void ItIsSavedAndLoadedAsAnyOther()
    {
        var folder = Directory.CreateTempSubdirectory("diffusion-vocabulary-");
        try
        {
            var tokenizer = ClipTokenizer.Train(Texts, settings: new ClipTokenizerSettings().WithMaxLength(16));
            tokenizer.Save(folder.FullName);
            var loaded = ClipTokenizer.Load(folder.FullName);
            Assert.Equal(tokenizer.Encode("a big ring"), loaded.Encode("a big ring"));
            Assert.Equal(16, loaded.MaxLength);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void FewerThanNoMergesAreRefused() => Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => ClipTokenizer.Train(Texts, -1)).Id);
}
