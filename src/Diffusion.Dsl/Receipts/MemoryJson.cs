namespace Diffusion.Dsl;

/// <summary>Slices and tiles as receipts hold them: tiles change pictures, slices their rounding.</summary>
internal static class MemoryJson
{
    public static JsonValue Write(Slicing slicing) => Fields.Object(Fields.Of("heads", slicing.Heads));

    public static Slicing Slicing(JsonValue json)
    {
        Fields.Known(json, "slices of attention", "heads");
        return Fields.Integer(json, "heads") is { } heads ? Dsl.Slicing.Of(heads) : Dsl.Slicing.Auto;
    }

    public static JsonValue Write(VaeMemory memory) => Fields.Object(
        Fields.Flag("slices", memory.Slices),
        Fields.Flag("tiles", memory.Tiles),
        Fields.Of("tileSize", memory.TileSize),
        Fields.Of("overlap", memory.Tiles ? memory.Overlap : (double?)null));

    public static VaeMemory Vae(JsonValue json)
    {
        Fields.Known(json, "memory of the autoencoder", "slices", "tiles", "tileSize", "overlap");
        var whole = Fields.Flag(json, "tiles") ? VaeMemory.Tiled(Fields.Integer(json, "tileSize"), Fields.Number(json, "overlap") ?? VaeMemory.DefaultOverlap) : VaeMemory.Whole;
        return whole.WithSlices(Fields.Flag(json, "slices"));
    }
}
