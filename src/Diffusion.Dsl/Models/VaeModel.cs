namespace Diffusion.Dsl;

/// <summary>The autoencoder between images and latents of a checkpoint, by name.</summary>
/// <param name="Source">The checkpoint: a folder, a file or a hub id.</param>
public sealed record VaeModel(string Source)
{
    /// <summary>The folder inside the checkpoint.</summary>
    public string Subfolder { get; init; } = "vae";

    /// <summary>What is known of the autoencoder without reading its files; null: read from its config.json.</summary>
    public VaeFacts? Facts { get; init; }

    /// <summary>The same autoencoder from another folder inside the checkpoint.</summary>
    /// <param name="subfolder">Such as <c>vae</c>.</param>
    public VaeModel WithSubfolder(string subfolder) => this with { Subfolder = subfolder };

    /// <summary>The same autoencoder with these facts instead of its config file's.</summary>
    /// <param name="facts">Its channels and factor.</param>
    public VaeModel WithFacts(VaeFacts facts) => this with { Facts = facts };

    /// <inheritdoc/>
    public override string ToString() => Source;
}
