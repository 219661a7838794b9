namespace Diffusion.Dsl;

/// <summary>
/// How an autoencoder goes about large images: all at once, one image of the batch after another, or in tiles that overlap and are blended, as
/// diffusers' slicing and tiling do. A slice is what the image is alone; a tile is not what it is in the image, for its norms and its attention see
/// nothing else.
/// </summary>
public sealed record VaeMemory
{
    private VaeMemory(bool slices, bool tiles, int? tileSize, double overlap)
    {
        Slices = slices;
        Tiles = tiles;
        TileSize = tileSize;
        Overlap = overlap;
    }

    /// <summary>The whole batch at once: the fastest.</summary>
    public static VaeMemory Whole { get; } = new(false, false, null, DefaultOverlap);

    /// <summary>One image of the batch after another, with the memory of one: each is bit for bit what it is alone.</summary>
    public static VaeMemory Sliced { get; } = new(true, false, null, DefaultOverlap);

    /// <summary>The share of a tile that overlaps in diffusers.</summary>
    public const double DefaultOverlap = 0.25;

    /// <summary>Whether the images of a batch are taken one by one.</summary>
    public bool Slices { get; }

    /// <summary>Whether images larger than a tile are taken tile by tile.</summary>
    public bool Tiles { get; }

    /// <summary>Height and width of a tile in pixels of the image; null: <c>sample_size</c> of the configuration.</summary>
    public int? TileSize { get; }

    /// <summary>The share of a tile that the next one covers again, in [0, 1).</summary>
    public double Overlap { get; }

    /// <summary>Tile by tile, blended over the overlap.</summary>
    /// <param name="tileSize">Height and width of a tile in pixels of the image, a multiple of the autoencoder's factor; null: <c>sample_size</c> of the configuration.</param>
    /// <param name="overlap">The share of a tile that the next one covers again, in [0, 1).</param>
    /// <exception cref="DiffusionException">DIF0405: a number is out of range.</exception>
    public static VaeMemory Tiled(int? tileSize = null, double overlap = DefaultOverlap)
    {
        if (tileSize < 1)
            throw Rules.ConfigOutOfRange.Error("the tile size", tileSize, "1 or more pixels");
        if (overlap is not (>= 0 and < 1))
            throw Rules.ConfigOutOfRange.Error("the overlap", overlap, "a share of a tile, from 0 to below 1");

        return new(false, true, tileSize, overlap);
    }

    /// <summary>The same with images one by one, or together.</summary>
    /// <param name="slices">Whether images are taken one by one.</param>
    public VaeMemory WithSlices(bool slices) => new(slices, Tiles, TileSize, Overlap);
}
