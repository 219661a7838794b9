using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Random crops of a picture: a rectangle of some share of the area, turned, mirrored, and resized to what CLIP reads.</summary>
/// <param name="Smallest">The smallest share of the area, in (0, 1].</param>
/// <param name="Largest">The largest share of the area, in [smallest, 1].</param>
/// <param name="Degrees">The greatest turn to either side, 0 to 180.</param>
/// <param name="Mirrors">Whether every other crop is mirrored; not where left and right matter.</param>
public sealed record Cutouts(double Smallest = 0.08, double Largest = 1, double Degrees = 5, bool Mirrors = true)
{
    /// <summary>As torchvision's RandomResizedCrop, RandomAffine(5) and RandomHorizontalFlip, which the course uses: 8 % to all of the area, turns up to 5°, mirrored.</summary>
    public static Cutouts AsInTheCourse { get; } = new();

    /// <summary>The whole picture, as it is.</summary>
    public static Cutouts Whole { get; } = new(1, 1, 0, false);

    /// <summary>Nearly the whole picture, not mirrored: for models that know where things are.</summary>
    public static Cutouts Close { get; } = new(0.8, 1, 0, false);

    /// <summary>The same with crops of other sizes.</summary>
    /// <param name="smallest">The smallest share of the area, in (0, 1].</param>
    /// <param name="largest">The largest share of the area.</param>
    public Cutouts WithSizes(double smallest, double largest) => this with { Smallest = smallest, Largest = largest };

    /// <summary>The same with other turns.</summary>
    /// <param name="degrees">0 to 180.</param>
    public Cutouts WithDegrees(double degrees) => this with { Degrees = degrees };

    /// <summary>The same, mirrored or not.</summary>
    /// <param name="mirrors">Whether every other crop is mirrored.</param>
    public Cutouts WithMirrors(bool mirrors) => this with { Mirrors = mirrors };

    /// <summary>The canonical text: <c>(0.08 to 1, 5 degrees, mirrored)</c>.</summary>
    public override string ToString() => "(" + Text.Of(Smallest) + " to " + Text.Of(Largest) + ", " + Text.Of(Degrees) + " degrees" + (Mirrors ? ", mirrored" : "") + ")";

    /// <summary>What is wrong with the numbers; empty if nothing is.</summary>
    internal IEnumerable<Finding> Check()
    {
        if (!(Smallest > 0 && Smallest <= Largest && Largest <= 1 && Degrees >= 0 && Degrees <= 180))
        {
            yield return Rules.CutoutsOutOfRange.Found(ToString());
        }
    }
}
