namespace Diffusion.Dsl;

/// <summary>Where a chunk lies in a PNG file: four bytes of length, four letters of type, the data, four bytes of check.</summary>
/// <param name="Type">Four letters, such as <c>tEXt</c>.</param>
/// <param name="Start">The first byte of its length.</param>
/// <param name="Length">The number of data bytes.</param>
internal sealed record PngChunk(string Type, int Start, int Length)
{
    /// <summary>The first data byte.</summary>
    public int Data => Start + 8;

    /// <summary>The first byte behind the chunk.</summary>
    public int End => Data + Length + 4;

    /// <summary>Whether the chunk's check is that of its type and data.</summary>
    public bool IsWhole(byte[] file) => Crc32.Of(file, Start + 4, Length + 4) == PngFile.Number(file, Data + Length);
}
