namespace Diffusion.Runtime.Layers;

/// <summary>A layer of attention, whose heads can be computed a few at a time.</summary>
internal interface IHasHeads
{
    /// <summary>The number of heads.</summary>
    long Heads { get; }

    /// <summary>Heads at a time, of all samples together; null: all.</summary>
    long? Slice { get; set; }
}
