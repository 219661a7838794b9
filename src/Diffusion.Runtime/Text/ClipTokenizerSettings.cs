using Diffusion.Dsl;

namespace Diffusion.Runtime.Text;

/// <summary>What a tokenizer's files say besides its vocabulary and its merges.</summary>
public sealed record ClipTokenizerSettings
{
    /// <summary>The length of CLIP's text encoders.</summary>
    internal const int ClipLength = 77;

    /// <summary>Start and end, and room for one token.</summary>
    internal const int ShortestLength = 3;

    /// <summary>The token before every text (<c>bos_token</c>).</summary>
    public string Start { get; init; } = "<|startoftext|>";

    /// <summary>The token behind every text (<c>eos_token</c>).</summary>
    public string End { get; init; } = "<|endoftext|>";

    /// <summary>The token that fills the rest (<c>pad_token</c>): the end token in Stable Diffusion 1, <c>!</c> in Stable Diffusion 2.</summary>
    public string Pad { get; init; } = "<|endoftext|>";

    /// <summary>The token for bytes that the vocabulary lacks (<c>unk_token</c>).</summary>
    public string Unknown { get; init; } = "<|endoftext|>";

    /// <summary>The number of tokens that the text encoder reads, start and end included (<c>model_max_length</c>); at least 3.</summary>
    public int MaxLength { get; init; } = ClipLength;

    /// <summary>Further tokens that are recognized whole in a text (<c>added_tokens.json</c>), as textual inversion adds them; they are in the vocabulary.</summary>
    public EquatableArray<string> Added { get; init; }

    /// <summary>The same settings with another token before every text.</summary>
    /// <param name="start">A token of the vocabulary.</param>
    public ClipTokenizerSettings WithStart(string start) => this with { Start = start };

    /// <summary>The same settings with another token behind every text.</summary>
    /// <param name="end">A token of the vocabulary.</param>
    public ClipTokenizerSettings WithEnd(string end) => this with { End = end };

    /// <summary>The same settings with another token that fills the rest.</summary>
    /// <param name="pad">A token of the vocabulary.</param>
    public ClipTokenizerSettings WithPad(string pad) => this with { Pad = pad };

    /// <summary>The same settings with another token for unknown bytes.</summary>
    /// <param name="unknown">A token of the vocabulary.</param>
    public ClipTokenizerSettings WithUnknown(string unknown) => this with { Unknown = unknown };

    /// <summary>The same settings with another length.</summary>
    /// <param name="maxLength">Start and end included; at least 3.</param>
    public ClipTokenizerSettings WithMaxLength(int maxLength) => this with { MaxLength = maxLength };

    /// <summary>The same settings with other tokens that are recognized whole.</summary>
    /// <param name="added">Tokens of the vocabulary.</param>
    public ClipTokenizerSettings WithAdded(params string[] added) => this with { Added = added.ToEquatableArray() };
}
