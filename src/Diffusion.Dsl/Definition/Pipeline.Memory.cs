namespace Diffusion.Dsl;

/// <content>What a pipeline is run with for the sake of memory: no part of what is compiled.</content>
public sealed partial record Pipeline
{
    /// <summary>How many heads of the UNet's attention are computed at a time; null: all.</summary>
    public Slicing? AttentionSlices { get; init; }

    /// <summary>How the autoencoder goes about large pictures; null: each as a whole.</summary>
    public VaeMemory? VaeMemory { get; init; }

    /// <summary>The same pipeline with the heads of the UNet's attention computed in slices. Pictures stay the same up to rounding.</summary>
    /// <param name="slicing">How many heads at a time: <c>Slicing.Auto</c>, <c>Slicing.Max</c> or <c>Slicing.Of(n)</c>.</param>
    public Pipeline AttentionSlicing(Slicing slicing) => WithAttentionSlices(NotNull(slicing, nameof(slicing)));

    /// <summary>The same pipeline with an autoencoder that takes pictures one after another, with the memory of one. Pictures stay the same.</summary>
    public Pipeline VaeSlicing() => WithVaeMemory((VaeMemory ?? VaeMemory.Whole).WithSlices(true));

    /// <summary>The same pipeline with an autoencoder that takes large pictures tile by tile, blended over their overlap. Pictures change a little.</summary>
    /// <param name="tileSize">Height and width of a tile in pixels, a multiple of the autoencoder's factor; null: as the autoencoder was trained.</param>
    /// <param name="overlap">The share of a tile that the next one covers again, in [0, 1).</param>
    /// <exception cref="DiffusionException">DIF0405: a number is out of range.</exception>
    public Pipeline VaeTiling(int? tileSize = null, double overlap = VaeMemory.DefaultOverlap) =>
        WithVaeMemory(VaeMemory.Tiled(tileSize, overlap).WithSlices(VaeMemory is { Slices: true }));

    /// <summary>The same pipeline with another slicing of attention, or none.</summary>
    /// <param name="slicing">How many heads at a time; null: all.</param>
    public Pipeline WithAttentionSlices(Slicing? slicing) => this with { AttentionSlices = slicing };

    /// <summary>The same pipeline with another way of the autoencoder about large pictures.</summary>
    /// <param name="memory">Slices, tiles or both; null: each picture as a whole.</param>
    public Pipeline WithVaeMemory(VaeMemory? memory) => this with { VaeMemory = memory };
}
