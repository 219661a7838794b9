using System.Collections.Generic;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>Euler's method with ancestral noise: each step overshoots along the probability flow and makes up for it with fresh noise.</summary>
/// <remarks>
/// <para>x = x_0 + σ ε (the clean sample keeps its scale); the network sees x/√(σ² + 1).</para>
/// <para>down = σ′²/σ, up = σ′√(σ² − σ′²)/σ: up² is the posterior variance of DDPM (arXiv:2006.11239, Eq. 7) in this scale, and down² + up² = σ′²</para>
/// <para>d = (x − x̂_0)/σ (arXiv:2206.00364, Eq. 3); x ← x + (down − σ) d + up z</para>
/// <para>
/// For an exact x̂_0 this is the ancestral sampler of DDPM. diffusers draws z in the last step as well, where up = 0. It reads no spread of noise levels from a
/// checkpoint's config for this sampler; a definition may say one.
/// </para>
/// <para>Parity target: diffusers <c>EulerAncestralDiscreteScheduler</c>, which does not know networks that predict x_0.</para>
/// </remarks>
public sealed record EulerAncestralScheduler : SigmaScheduler<EulerAncestralScheduler>
{
    private static readonly SchedulerOption<EulerAncestralScheduler>[] OptionList = [.. SigmaOptions(TimestepSpacing.Linspace, spreadInConfig: false)];

    /// <inheritdoc/>
    public override string Name => "EulerAncestral";

    /// <inheritdoc/>
    public override string DiffusersClass => "EulerAncestralDiscreteScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => true;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<EulerAncestralScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = SigmaLadder.Discrete(derivation.Model, Grid(derivation.Noise, FinalSigma.Zero));
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation), InitialNoiseSigma(ladder));
    }

    private static Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
        var split = AncestralSplit.Of(sigma, next);
        return Step.Of(
            ladder.Timesteps[i],
            ladder.TimestepAfter(i),
            NoiseLevel.Exploding(next),
            [
                Derivation.Evaluate(ladder.Timesteps[i], sigma),
                .. derivation.CleanSample(NoiseLevel.Exploding(sigma)),
                derivation.Slope(sigma),
                AffineOp.Of(Register.X, new Term(Register.X, 1), new Term(Register.Slope(1), split.Down - sigma)).WithNoise(split.Up),
            ]);
    }
}
