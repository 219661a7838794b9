namespace Diffusion.Runtime.Data;

/// <summary>A picture of a folder before it is read.</summary>
internal sealed record ImageEntry(string Path, int? Label, string? Caption);
