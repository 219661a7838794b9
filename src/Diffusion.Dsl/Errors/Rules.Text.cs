namespace Diffusion.Dsl;

/// <content>Group 02, the grammar of prompts: DIF0240 to DIF0249. Group 07, text: tokenizers and their files, DIF0700 to DIF0719.</content>
public static partial class Rules
{
    /// <summary>DIF0240: a bracket of a prompt has no partner.</summary>
    public static readonly Rule PromptBracket = new("DIF0240", "Unbalanced bracket in a prompt",
        "the prompt '{0}' has a '{1}' at column {2} that {3}; give it its partner, remove it, or write \\{1} for the character itself");

    /// <summary>DIF0241: a weight of a prompt is no finite number.</summary>
    public static readonly Rule PromptWeight = new("DIF0241", "Weight of a prompt not a number",
        "the weight of {0} is {1}, but it multiplies the text's vectors; choose a finite number such as 1.3");

    /// <summary>DIF0242: a prompt holds something that other programs read and this library does not.</summary>
    public static readonly Rule PromptSyntax = new("DIF0242", "Prompt syntax not supported",
        "the prompt '{0}' has {1} at column {2}, which is not supported; write {3}");

    /// <summary>DIF0700: a file of a tokenizer cannot be opened.</summary>
    public static readonly Rule TokenizerFileMissing = new("DIF0700", "Tokenizer cannot be opened",
        "the tokenizer {0} cannot be opened: {1}; give a folder with vocab.json and merges.txt, plain or as .gz, or a checkpoint with such a folder called tokenizer");

    /// <summary>DIF0701: a vocabulary is not usable.</summary>
    public static readonly Rule VocabularyInvalid = new("DIF0701", "Vocabulary not usable",
        "the vocabulary {0} cannot be used: {1}; it is a JSON object that gives each token its own number, so download it again");

    /// <summary>DIF0702: a list of merges is not usable.</summary>
    public static readonly Rule MergesInvalid = new("DIF0702", "Merges not usable",
        "the merges {0} cannot be used: {1}; each line names two tokens of the vocabulary whose union is one, so download both files of the same tokenizer again");

    /// <summary>DIF0703: a setting of a tokenizer is not usable.</summary>
    public static readonly Rule TokenizerSetting = new("DIF0703", "Tokenizer setting not usable",
        "{0} of {1} is {2}; write {3}");

    /// <summary>DIF0704: a special token has no number.</summary>
    public static readonly Rule SpecialTokenMissing = new("DIF0704", "Special token not in the vocabulary",
        "the {0} token of {1} is '{2}', which is none of its {3} tokens; add it to the vocabulary, or name one that is there");

    /// <summary>DIF0705: a prompt is longer than the text encoder reads.</summary>
    public static readonly Rule PromptTruncated = new("DIF0705", "Prompt cut off",
        "the prompt has {0} tokens, but the text encoder reads {1}, so these words are not seen: {2}; shorten the prompt or encode it in chunks", RuleSeverity.Warning);

    /// <summary>DIF0706: a number stands for no token.</summary>
    public static readonly Rule UnknownTokenId = new("DIF0706", "Unknown token number",
        "the token number {0} is not in the vocabulary of {1} tokens; decode with the tokenizer that encoded");

    /// <summary>DIF0707: a tokenizer cannot be written.</summary>
    public static readonly Rule TokenizerUnwritable = new("DIF0707", "Tokenizer cannot be written",
        "the tokenizer cannot be written to {0}: {1}; choose a folder that exists or can be created and is writable");

    /// <summary>DIF0708: the chunks of a prompt are to be fewer than they are, or of no length.</summary>
    public static readonly Rule ChunksOutOfRange = new("DIF0708", "Chunks out of range",
        "{0} is {1}, but {2}; choose {3}");

    /// <summary>DIF0740: a text ends nowhere.</summary>
    public static readonly Rule NoEndToken = new("DIF0740", "Text without an end token",
        "row {0} of the token ids has no {1}, the end token, whose vector stands for the whole text; end every text with it, or correct eos_token_id of the encoder's config.json");
}
