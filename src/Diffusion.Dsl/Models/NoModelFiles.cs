namespace Diffusion.Dsl;

/// <summary>No files at all: everything unknown takes its default.</summary>
public sealed class NoModelFiles : IModelFiles
{
    /// <summary>The only instance.</summary>
    public static NoModelFiles Instance { get; } = new();

    /// <inheritdoc/>
    public string? Find(string source, string path) => null;
}
