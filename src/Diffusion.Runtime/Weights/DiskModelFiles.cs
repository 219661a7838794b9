using System.IO;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights;

/// <summary>The config files of checkpoints on this machine's disk.</summary>
internal sealed class DiskModelFiles : IModelFiles
{
    public static DiskModelFiles Instance { get; } = new();

    /// <inheritdoc/>
    public string? Find(string source, string path)
    {
        var folder = ModelFolders.Find(source);
        var file = folder is null ? null : Path.Combine(folder, path);
        return file is not null && File.Exists(file) ? File.ReadAllText(file) : null;
    }
}
