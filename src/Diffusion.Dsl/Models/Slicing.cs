using System;

namespace Diffusion.Dsl;

/// <summary>
/// How many heads attention takes at a time, of those of all samples together, as diffusers' attention slicing means it: fewer heads, fewer scores in memory.
/// The result is the same up to rounding. Scores have the size [heads at a time, L, L]; where a kernel never holds them whole there is nothing to save.
/// </summary>
public sealed record Slicing
{
    private Slicing(int? heads) => Heads = heads;

    /// <summary>Half of a layer's heads at a time.</summary>
    public static Slicing Auto { get; } = new((int?)null);

    /// <summary>One head at a time: the least memory. The same as <c>Of(1)</c>.</summary>
    public static Slicing Max { get; } = new(1);

    /// <summary>How many heads at a time; null: half of a layer's.</summary>
    public int? Heads { get; }

    /// <summary>So many heads at a time.</summary>
    /// <param name="heads">At least 1, and at most what every attention of the network has.</param>
    /// <exception cref="DiffusionException">DIF0405: fewer than 1.</exception>
    public static Slicing Of(int heads) => heads >= 1 ? new(heads) : throw Rules.ConfigOutOfRange.Error("the number of heads in a slice", heads, "1 or more");

    /// <summary>The heads that a layer takes at a time.</summary>
    /// <param name="heads">How many heads the layer has.</param>
    public int HeadsOf(int heads) => Heads ?? Math.Max(1, heads / 2);

    /// <inheritdoc/>
    public override string ToString() => Heads switch
    {
        null => "Auto",
        1 => "Max",
        _ => "Of(" + Text.Of(Heads) + ")",
    };
}
