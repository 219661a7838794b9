namespace Diffusion.Dsl;

/// <summary>The text encoder and tokenizer of a checkpoint, by name.</summary>
/// <param name="Source">The checkpoint: a folder, a file or a hub id.</param>
public sealed record TextModel(string Source)
{
    /// <summary>The folder of the encoder inside the checkpoint.</summary>
    public string Subfolder { get; init; } = "text_encoder";

    /// <summary>What is known of the encoder without reading its files; null: read from its config.json.</summary>
    public TextFacts? Facts { get; init; }

    /// <summary>The same encoder from another folder inside the checkpoint.</summary>
    /// <param name="subfolder">Such as <c>text_encoder</c>.</param>
    public TextModel WithSubfolder(string subfolder) => this with { Subfolder = subfolder };

    /// <summary>The same encoder with these facts instead of its config file's.</summary>
    /// <param name="facts">Its width.</param>
    public TextModel WithFacts(TextFacts facts) => this with { Facts = facts };

    /// <inheritdoc/>
    public override string ToString() => Source;
}
