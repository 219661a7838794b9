namespace Diffusion.Dsl;

/// <summary>The part of the steps in which a guider acts (arXiv:2404.07724): step i of n acts if ⌊start·n⌋ ≤ i &lt; ⌊stop·n⌋.</summary>
/// <param name="Start">Fraction of the steps, in [0, 1): 0 is the noisiest step.</param>
/// <param name="Stop">Fraction of the steps, in (<paramref name="Start"/>, 1].</param>
public sealed record GuidanceInterval(double Start, double Stop)
{
    /// <summary>All steps.</summary>
    public static GuidanceInterval Always { get; } = new(0, 1);

    /// <summary>The same interval with another start.</summary>
    /// <param name="start">Fraction of the steps, in [0, 1).</param>
    public GuidanceInterval WithStart(double start) => this with { Start = start };

    /// <summary>The same interval with another stop.</summary>
    /// <param name="stop">Fraction of the steps, in (start, 1].</param>
    public GuidanceInterval WithStop(double stop) => this with { Stop = stop };

    /// <summary>Whether the guider acts.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">The number of steps.</param>
    public bool Contains(int step, int steps) => step >= (int)(Start * steps) && step < (int)(Stop * steps);

    /// <inheritdoc/>
    public override string ToString() => Text.Of(Start) + "..." + Text.Of(Stop);
}
