namespace Diffusion.Generators.Files;

/// <summary>A config file of a checkpoint among the additional files.</summary>
/// <param name="Path">Its full path, with <c>/</c>.</param>
/// <param name="Text">Its content.</param>
internal sealed record ModelFile(string Path, string Text);
