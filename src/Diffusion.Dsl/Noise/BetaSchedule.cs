namespace Diffusion.Dsl;

/// <summary>How β_t grows over the training timesteps. The names are those of diffusers' <c>beta_schedule</c>.</summary>
public enum BetaSchedule
{
    /// <summary><c>linear</c>: β_t evenly spaced from β_start to β_end (Ho et al. 2020, arXiv:2006.11239, section 4).</summary>
    Linear,

    /// <summary><c>scaled_linear</c>: √β_t evenly spaced (latent diffusion, arXiv:2112.10752).</summary>
    ScaledLinear,

    /// <summary><c>squaredcos_cap_v2</c>: ᾱ follows a squared cosine, β capped at 0.999 (Nichol and Dhariwal 2021, arXiv:2102.09672, Eq. 17).</summary>
    SquaredCosCapV2,

    /// <summary><c>sigmoid</c>: β_t follows a logistic curve over [−6, 6] (GeoDiff, arXiv:2203.02923).</summary>
    Sigmoid,

    /// <summary><c>exp</c>: ᾱ falls as exp(−12 t), β capped at 0.999 (diffusers' transform of that name).</summary>
    Exponential,
}
