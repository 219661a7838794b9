using System.Collections.Generic;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>DPM-Solver-2 in σ: the slope at the geometric middle of a step leads over the whole step (Lu et al. 2022, arXiv:2206.00927).</summary>
/// <remarks>
/// <para>x = x_0 + σ ε (the clean sample keeps its scale); the network sees x/√(σ² + 1).</para>
/// <para>d = (x − x̂_0)/σ (arXiv:2206.00364, Eq. 3), m = √(σ σ′), the middle in λ = −log σ (r_1 = ½ in arXiv:2206.00927, algorithm 1)</para>
/// <para>u = x + (m − σ) d; d₂ = (u − û_0)/m; x ← x + (σ′ − σ) d₂</para>
/// <para>
/// With ε̂ for d the second line is algorithm 1 where α = 1: σ_m(e^{h/2} − 1) = σ − m and σ′(e^h − 1) = σ − σ′ for h = λ′ − λ. The last step, to σ′ = 0, is
/// Euler's. The timestep of m is interpolated in log σ.
/// </para>
/// <para>Parity target: diffusers <c>KDPM2DiscreteScheduler</c>, whose timesteps name the middles as well, and which does not know networks that predict x_0.</para>
/// </remarks>
public sealed record Dpm2Scheduler : MidpointScheduler<Dpm2Scheduler>
{
    private static readonly SchedulerOption<Dpm2Scheduler>[] OptionList = [.. SigmaOptions(TimestepSpacing.Linspace)];

    /// <inheritdoc/>
    public override string Name => "Dpm2";

    /// <inheritdoc/>
    public override string DiffusersClass => "KDPM2DiscreteScheduler";

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.WithoutZeroSnr with { Noise = new(BetaStart: 0.00085, BetaEnd: 0.012) };

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<Dpm2Scheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override (double Middle, double End, double? Noise) Parts(double sigma, double next) => (Sqrt(sigma * next), next, null);
}
