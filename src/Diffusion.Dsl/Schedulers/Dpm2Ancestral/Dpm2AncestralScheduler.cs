using System.Collections.Generic;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>DPM-Solver-2 with ancestral noise: each step overshoots along the probability flow in two evaluations and makes up for it with fresh noise.</summary>
/// <remarks>
/// <para>x = x_0 + σ ε (the clean sample keeps its scale); the network sees x/√(σ² + 1).</para>
/// <para>down = σ′²/σ, up = σ′√(σ² − σ′²)/σ: up² is the posterior variance of DDPM (arXiv:2006.11239, Eq. 7) in this scale, and down² + up² = σ′²</para>
/// <para>d = (x − x̂_0)/σ (arXiv:2206.00364, Eq. 3), m = √(σ down), which is σ′</para>
/// <para>u = x + (m − σ) d; d₂ = (u − û_0)/m; x ← x + (down − σ) d₂ + up z (arXiv:2206.00927, algorithm 1, to down)</para>
/// <para>
/// The order, 2, is that of the deterministic part. diffusers draws z at both evaluations and uses the second. It computes down in float32 as √(σ′² − up²),
/// which cancels where a step is long, and what the network is told of m shows that: m is therefore rounded as there. Everything else is exact.
/// </para>
/// <para>Parity target: diffusers <c>KDPM2AncestralDiscreteScheduler</c>, whose timesteps name the middles as well, and which does not know networks that predict x_0.</para>
/// </remarks>
public sealed record Dpm2AncestralScheduler : MidpointScheduler<Dpm2AncestralScheduler>
{
    private static readonly SchedulerOption<Dpm2AncestralScheduler>[] OptionList = [.. SigmaOptions(TimestepSpacing.Linspace)];

    /// <inheritdoc/>
    public override string Name => "Dpm2Ancestral";

    /// <inheritdoc/>
    public override string DiffusersClass => "KDPM2AncestralDiscreteScheduler";

    /// <inheritdoc/>
    public override bool IsStochastic => true;

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.WithoutZeroSnr with { Noise = new(BetaStart: 0.00085, BetaEnd: 0.012) };

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<Dpm2AncestralScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override (double Middle, double End, double? Noise) Parts(double sigma, double next)
    {
        var (down, up) = AncestralSplit.Of(sigma, next);
        var rounded = RoundedDown((float)sigma, (float)next);
        return (rounded > 0 ? Sqrt(sigma * rounded) : next, down, up);
    }

    /// <summary>√(σ′² − up²) in float32, operation by operation; NaN where rounding leaves nothing.</summary>
    private static double RoundedDown(float sigma, float next)
    {
        var (from, to) = ((float)(sigma * sigma), (float)(next * next));
        var up = (float)Sqrt((float)((float)(to * (float)(from - to)) / from));
        return (float)Sqrt((float)(to - (float)(up * up)));
    }
}
