namespace Diffusion.Dsl;

/// <summary>The text encoder and tokenizer of a checkpoint, by name.</summary>
/// <param name="Source">The checkpoint: a folder, a file or a hub id.</param>
public sealed record TextModel(string Source)
{
    /// <summary>The folder of the encoder inside the checkpoint.</summary>
    public string Subfolder { get; init; } = "text_encoder";

    /// <summary>The folder of the tokenizer inside the checkpoint; where that is a single file, beside the file or anywhere.</summary>
    public string Tokenizer { get; init; } = "tokenizer";

    /// <summary>What is known of the encoder without reading its files; null: read from its config.json.</summary>
    public TextFacts? Facts { get; init; }

    /// <summary>How many of the encoder's last blocks are left out (<c>clip_skip</c> of diffusers); 0: none.</summary>
    public int ClipSkip { get; init; }

    /// <summary>How prompts are written. Plain ones are cut behind 77 tokens, which is told; the others have weights and any length, chunk by chunk.</summary>
    public PromptGrammar Grammar { get; init; } = PromptGrammar.Plain;

    /// <summary>The same encoder without its last blocks.</summary>
    /// <param name="clipSkip">How many are left out, 0 or more; the stable-diffusion-webui counts from 1.</param>
    public TextModel WithClipSkip(int clipSkip) => this with { ClipSkip = clipSkip };

    /// <summary>The same encoder for prompts of another grammar.</summary>
    /// <param name="grammar">How prompts are written.</param>
    public TextModel WithGrammar(PromptGrammar grammar) => this with { Grammar = grammar };

    /// <summary>The same encoder from another folder inside the checkpoint.</summary>
    /// <param name="subfolder">Such as <c>text_encoder</c>.</param>
    public TextModel WithSubfolder(string subfolder) => this with { Subfolder = subfolder };

    /// <summary>The same encoder with the tokenizer of another folder.</summary>
    /// <param name="tokenizer">Inside the checkpoint, such as <c>tokenizer_2</c>; for a single file any folder with vocab.json and merges.txt.</param>
    public TextModel WithTokenizer(string tokenizer) => this with { Tokenizer = tokenizer };

    /// <summary>The same encoder with these facts instead of its config file's.</summary>
    /// <param name="facts">Its width.</param>
    public TextModel WithFacts(TextFacts facts) => this with { Facts = facts };

    /// <inheritdoc/>
    public override string ToString() => Source;
}
