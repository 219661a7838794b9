using System.Linq;

namespace Diffusion.Dsl.Steps;

/// <summary>target ← Σ a_k·source_k + noise·z with z ~ N(0, I): every update of every sampler is this.</summary>
/// <param name="Target">The register that is written; it may be among the sources.</param>
/// <param name="Terms">The summands; each source at most once.</param>
/// <param name="Noise">The factor of fresh Gaussian noise; 0 draws nothing unless <paramref name="DrawsNoise"/>.</param>
/// <param name="DrawsNoise">Whether z is drawn; with <paramref name="Noise"/> 0 only the generator advances, as diffusers' does.</param>
public sealed record AffineOp(Register Target, EquatableArray<Term> Terms, double Noise, bool DrawsNoise) : StepOp
{
    /// <summary>Where on a Brownian path z lies; null: z is independent of everything else.</summary>
    public NoiseSpan? Span { get; init; }

    /// <summary>A deterministic combination.</summary>
    /// <param name="target">The register that is written.</param>
    /// <param name="terms">The summands.</param>
    public static AffineOp Of(Register target, params Term[] terms) => new(target, terms.ToEquatableArray(), 0, false);

    /// <summary>The same combination plus <paramref name="noise"/>·z; z is drawn even if that is 0.</summary>
    /// <param name="noise">The standard deviation of the fresh noise.</param>
    public AffineOp WithNoise(double noise) => this with { Noise = noise, DrawsNoise = true };

    /// <summary>The same combination plus <paramref name="noise"/>·z, z being the increment of a Brownian path.</summary>
    /// <param name="noise">The standard deviation of the fresh noise.</param>
    /// <param name="span">The part of the path.</param>
    public AffineOp WithNoise(double noise, NoiseSpan span) => this with { Noise = noise, DrawsNoise = true, Span = span };

    /// <inheritdoc/>
    public override string ToString() =>
        Target + " ← " + string.Join(" + ", Terms.Select(term => term.ToString())) + (DrawsNoise ? " + " + Text.Of(Noise) + "·z" + (Span is null ? "" : "[" + Span + "]") : "");
}
