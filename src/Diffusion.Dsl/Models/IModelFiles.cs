namespace Diffusion.Dsl;

/// <summary>Where the small JSON files of checkpoints come from: additional files at build time, the disk at run time.</summary>
public interface IModelFiles
{
    /// <summary>The text of a file of a checkpoint, or null if it is not there.</summary>
    /// <param name="source">The checkpoint, as <see cref="Pretrained.Source"/> names it.</param>
    /// <param name="path">The file inside it, with <c>/</c>: <c>unet/config.json</c>.</param>
    string? Find(string source, string path);
}
