namespace Diffusion.Runtime.Text;

/// <summary>A word of a text and its tokens.</summary>
/// <param name="Text">The word as the tokenizer sees it, in lower case; a special token as it is.</param>
/// <param name="Ids">Its tokens.</param>
internal sealed record Word(string Text, int[] Ids);
