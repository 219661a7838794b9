namespace Diffusion.Dsl;

/// <summary>One piece of a <see cref="PiecewiseConstantRate"/>.</summary>
/// <param name="Factor">What the peak is multiplied by, at least 0.</param>
/// <param name="Until">The first step behind the piece, at least 1.</param>
public sealed record RatePiece(double Factor, int Until)
{
    /// <summary>The same piece with another factor.</summary>
    /// <param name="factor">At least 0.</param>
    public RatePiece WithFactor(double factor) => this with { Factor = factor };

    /// <summary>The same piece with another end.</summary>
    /// <param name="until">The first step behind it, at least 1.</param>
    public RatePiece WithUntil(int until) => this with { Until = until };

    /// <summary>As diffusers' <c>step_rules</c> write it: <c>0.1:20</c>.</summary>
    public override string ToString() => Text.Of(Factor) + ":" + Text.Of(Until);
}
