namespace Diffusion.Dsl;

/// <summary>Where the variance of a DDPM step comes from. The names are those of diffusers' <c>variance_type</c>.</summary>
public enum VarianceType
{
    /// <summary><c>fixed_small</c>: the posterior variance β̃_t = (1 − ᾱ_{t−1})/(1 − ᾱ_t) β_t (arXiv:2006.11239, Eq. 7).</summary>
    FixedSmall,

    /// <summary><c>fixed_small_log</c>: β̃_t through its logarithm; the noise is scaled by exp(½ log β̃_t).</summary>
    FixedSmallLog,

    /// <summary><c>fixed_large</c>: β_t (arXiv:2006.11239, section 3.2).</summary>
    FixedLarge,

    /// <summary><c>fixed_large_log</c>: β_t through its logarithm. diffusers yields NaN here (it takes a root of the logarithm); this library scales the noise by exp(½ log β_t).</summary>
    FixedLargeLog,

    /// <summary><c>learned</c>: the network's second half of channels is the variance itself.</summary>
    Learned,

    /// <summary><c>learned_range</c>: the second half v interpolates log β̃_t and log β_t (arXiv:2102.09672, Eq. 15).</summary>
    LearnedRange,
}
