using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Runtime.Text;

namespace Diffusion.Tests.Prompts;

public sealed class ClipTextTests
{
    [Theory]
    [InlineData("Ab  c\t\r\n\u00a0\u3000d", "ab c d")]
    [InlineData("e\u0301E\u0301", "éé")]
    [InlineData("İ", "i\u0307")]
    [InlineData("ΟΔΟΣ", "οδοσ")]
    [InlineData("ǅ ẞ \ud801\udc00", "ǆ ß \ud801\udc28")]
    [InlineData("\u001f\u200b\0", "\u001f\u200b\0")]
    [InlineData("\ufb01", "\ufb01")]
    public void TextHasOneForm(string text, string normal) => Assert.Equal(normal, ClipText.Normalize(text));

    [Theory]
    [InlineData("it's rock'n'roll", "it|'s|rock|'|n|'|roll")]
    [InlineData("they'd've 'sun", "they|'d|'ve|'s|un")]
    [InlineData("it''s", "it|''|s")]
    [InlineData("!'s", "!'|s")]
    [InlineData("x2 3.14 ½Ⅷ①", "x|2|3|.|1|4|½|Ⅷ|①")]
    [InlineData("a-b_c (d:1.2)", "a|-|b|_|c|(|d|:|1|.|2|)")]
    [InlineData("猫と犬 नमस्ते", "猫と犬|नमस|्|त|े")]
    [InlineData("\ud835\udc00\ud835\udfce", "\ud835\udc00|\ud835\udfce")]
    [InlineData("👩\u200d👧!", "👩\u200d👧!")]
    [InlineData("", "")]
    public void WordsAreOfOneKindOfCharacter(string text, string words) => Assert.Equal(words, string.Join("|", ClipText.Words(text)));

    // From Unicode's NormalizationTest: order of marks, blocked marks, exclusions, singletons, Hangul.
    [Theory]
    [InlineData("D\u0307\u0323", "\u1e0c\u0307")]
    [InlineData("a\u0315\u0300\u05ae\u0300", "à\u05ae\u0300\u0315")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u212b\u2126\u2000", "Å\u03a9\u2002")]
    [InlineData("\u1100\u1161\u11a8\u1100\u1161", "각가")]
    [InlineData("\uac00\u11a7", "\uac00\u11a7")]
    [InlineData("\u09c7\u0334\u09be", "\u09c7\u0334\u09be")]
    [InlineData("\u0301a\u0301", "\u0301\u00e1")]
    [InlineData("\ud834\udd5e", "\ud834\udd57\ud834\udd65")]
    [InlineData("\ud804\udc99\ud804\udcba", "\ud804\udc9a")]
    [InlineData("\ufb1d\u0344", "\u05d9\u05b4\u0308\u0301")]
    public void CharactersAreComposed(string text, string composed) => Assert.Equal(composed, CanonicalForm.Compose(text));

    [Fact]
    public void EveryPairOfTheTableIsComposedUnlessItIsExcluded()
    {
        var lines = File.ReadLines(Repository.PathOf("src/Diffusion.Runtime/Text/Unicode/canonical.txt")).Select(line => line.Split(' ')).ToArray();
        var pairs = lines.Where(line => line[0] is "d" or "x").Select(line => (Composed: line[0] == "d", Whole: Text(line[1]), Parts: string.Concat(line.Skip(2).Select(Text)))).ToArray();

        Assert.Equal(941, pairs.Count(pair => pair.Composed));
        Assert.All(pairs, pair => Assert.Equal(pair.Composed ? pair.Whole : CanonicalForm.Compose(pair.Parts), CanonicalForm.Compose(pair.Whole)));
        Assert.All(pairs.Where(pair => pair.Composed), pair => Assert.Equal(pair.Whole, CanonicalForm.Compose(pair.Parts)));

        static string Text(string hex) => new Rune(int.Parse(hex, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture)).ToString();
    }
}
