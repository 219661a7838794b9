using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Text;

/// <summary>A prompt as the text encoder reads it: start, tokens, end, and padding up to the length that the encoder has.</summary>
/// <param name="Text">What was encoded.</param>
/// <param name="Ids">The numbers, <c>[L]</c> with L = <see cref="ClipTokenizer.MaxLength"/>.</param>
/// <param name="Mask">1 for start, tokens and end, 0 for padding, <c>[L]</c>.</param>
/// <param name="Length">How many of them are not padding; at least 2.</param>
/// <param name="Total">What <paramref name="Length"/> would be if nothing had been cut off.</param>
/// <param name="Dropped">The words that were cut off, in order, as the tokenizer sees them; the first may have lost only its last tokens.</param>
public sealed record Tokens(string Text, EquatableArray<int> Ids, EquatableArray<int> Mask, int Length, int Total, EquatableArray<string> Dropped)
{
    // A long text would fill the screen.
    private const int MostWords = 20;

    /// <summary>Whether words were cut off.</summary>
    public bool IsTruncated => !Dropped.IsEmpty;

    /// <summary>DIF0705 with the words that were cut off; null when none were.</summary>
    public Finding? Warning => IsTruncated ? Rules.PromptTruncated.Found(Total - 2, Length - 2, Words()) : null;

    /// <summary>The numbers without padding, between brackets.</summary>
    public override string ToString() => Ids.Take(Length).ToEquatableArray().ToString();

    private string Words()
    {
        var words = string.Join(" ", Dropped.Take(MostWords));
        return "'" + (Dropped.Count > MostWords ? words + " …" : words) + "'";
    }
}
