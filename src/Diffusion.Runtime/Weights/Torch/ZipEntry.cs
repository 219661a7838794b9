namespace Diffusion.Runtime.Weights.Torch;

/// <summary>One uncompressed record of a zip file.</summary>
/// <param name="Name">The name, with '/' between folders.</param>
/// <param name="Offset">The position of its first byte in the file.</param>
/// <param name="Length">The number of its bytes.</param>
internal sealed record ZipEntry(string Name, long Offset, long Length);
