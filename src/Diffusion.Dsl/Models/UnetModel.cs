namespace Diffusion.Dsl;

/// <summary>The denoising network of a checkpoint, by name.</summary>
/// <param name="Source">The checkpoint: a folder, a file or a hub id.</param>
public sealed record UnetModel(string Source)
{
    /// <summary>The folder inside the checkpoint.</summary>
    public string Subfolder { get; init; } = "unet";

    /// <summary>What is known of the network without reading its files; null: read from its config.json.</summary>
    public UnetFacts? Facts { get; init; }

    /// <summary>A network that the program brings itself, known by these facts instead of files.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="facts">Its channels and sizes.</param>
    public static UnetModel Custom(string name, UnetFacts facts) => new(name) { Facts = facts };

    /// <summary>The same network from another folder inside the checkpoint.</summary>
    /// <param name="subfolder">Such as <c>unet</c>; empty where the checkpoint is the network itself.</param>
    public UnetModel WithSubfolder(string subfolder) => this with { Subfolder = subfolder };

    /// <summary>The same network with these facts instead of its config file's.</summary>
    /// <param name="facts">Its channels and sizes.</param>
    public UnetModel WithFacts(UnetFacts facts) => this with { Facts = facts };

    /// <inheritdoc/>
    public override string ToString() => Source;
}
