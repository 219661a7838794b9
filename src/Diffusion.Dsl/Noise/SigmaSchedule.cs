using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>How the noise levels σ between the noisiest and the cleanest step are spread. A closed family.</summary>
public abstract record SigmaSchedule
{
    private protected SigmaSchedule()
    {
    }

    /// <summary>The levels the model was trained with, at the sampler's timesteps.</summary>
    public static SigmaSchedule FromModel { get; } = new ModelSigmas();

    /// <summary>Evenly spaced in σ^(1/ρ) (Karras et al. 2022, arXiv:2206.00364, Eq. 5; diffusers' <c>use_karras_sigmas</c>).</summary>
    /// <param name="rho">ρ above 0; 7 in the paper.</param>
    public static SigmaSchedule Karras(double rho = 7) => new KarrasSigmas(rho);

    /// <summary>Evenly spaced in log σ (diffusers' <c>use_exponential_sigmas</c>).</summary>
    public static SigmaSchedule Exponential { get; } = new ExponentialSigmas();

    /// <summary>At the quantiles of a beta distribution (arXiv:2407.12173, section 4; diffusers' <c>use_beta_sigmas</c>).</summary>
    /// <param name="alpha">The first shape parameter, above 0.</param>
    /// <param name="beta">The second shape parameter, above 0.</param>
    public static SigmaSchedule Beta(double alpha = 0.6, double beta = 0.6) => new BetaSigmas(alpha, beta);

    /// <summary>Evenly spaced in λ^(1/ρ), λ = −log σ (Lu et al. 2022, arXiv:2206.00927; diffusers' <c>use_lu_lambdas</c>).</summary>
    /// <param name="rho">ρ above 0; 1 in the paper.</param>
    public static SigmaSchedule Lu(double rho = 1) => new LuSigmas(rho);

    /// <summary>Levels from <paramref name="largest"/> down to <paramref name="smallest"/>; null where the model's own are taken.</summary>
    /// <param name="largest">The first.</param>
    /// <param name="smallest">The last.</param>
    /// <param name="count">How many, at least 1.</param>
    public abstract IReadOnlyList<double>? Between(double largest, double smallest, int count);

    /// <summary>What is wrong with the schedule's own numbers; empty if nothing is.</summary>
    public virtual IEnumerable<Finding> Check() => [];
}
