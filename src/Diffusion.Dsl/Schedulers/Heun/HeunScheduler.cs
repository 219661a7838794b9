using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>Heun's method on the probability flow in σ: Karras et al. (2022), arXiv:2206.00364, algorithm 1.</summary>
/// <remarks>
/// <para>x = x_0 + σ ε (the clean sample keeps its scale); the network sees x/√(σ² + 1).</para>
/// <para>d = (x − x̂_0)/σ; x′ = x + (σ′ − σ) d (line 5)</para>
/// <para>d′ = (x′ − x̂_0′)/σ′; x ← x + (σ′ − σ)(½ d + ½ d′) (line 8), but for the last step, which ends at σ′ = 0.</para>
/// <para>Parity target: diffusers <c>HeunDiscreteScheduler</c>, whose timesteps name the second evaluations as well.</para>
/// </remarks>
public sealed record HeunScheduler : SigmaScheduler<HeunScheduler>
{
    private static readonly SchedulerOption<HeunScheduler>[] OptionList =
    [
        .. SigmaOptions(TimestepSpacing.Linspace),
        SchedulerOption<HeunScheduler>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.None, thresholds: false),
    ];

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else nothing.</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">What keeps x̂_0 in range; null: as the checkpoint says.</param>
    public HeunScheduler WithClamp(Clamp? clamp) => this with { Clamp = clamp };

    /// <inheritdoc/>
    public override string Name => "Heun";

    /// <inheritdoc/>
    public override string DiffusersClass => "HeunDiscreteScheduler";

    /// <inheritdoc/>
    public override int Order => 2;

    /// <inheritdoc/>
    public override int EvaluationsPerStep => 2;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<HeunScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => base.CheckOptions().Concat(SpacedChecks.Clamping(Clamp));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = SigmaLadder.Discrete(derivation.Model, Grid(derivation.Noise, FinalSigma.Zero));
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation), InitialNoiseSigma(ladder));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
        var (d, d2) = (Register.Slope(1), Register.Slope(2));
        StepOp[] first =
        [
            Derivation.Evaluate(ladder.Timesteps[i], sigma),
            .. derivation.CleanSample(NoiseLevel.Exploding(sigma), Clamp),
            derivation.Slope(sigma, Clamp),
        ];
        if (i + 1 == ladder.Count)
        {
            return Step.Of(
                ladder.Timesteps[i],
                ladder.TimestepAfter(i),
                NoiseLevel.Exploding(next),
                [.. first, AffineOp.Of(Register.X, new Term(Register.X, 1), new Term(d, next - sigma))]);
        }

        return Step.Of(
            ladder.Timesteps[i],
            ladder.TimestepAfter(i),
            NoiseLevel.Exploding(next),
            [
                .. first,
                AffineOp.Of(Register.Y, new Term(Register.X, 1)),
                AffineOp.Of(Register.X, new Term(Register.X, 1), new Term(d, next - sigma)),
                Derivation.Evaluate(ladder.Timesteps[i + 1], next, stage: 2),
                .. derivation.CleanSample(NoiseLevel.Exploding(next), Clamp, stage: 2),
                derivation.Slope(next, Clamp, stage: 2),
                AffineOp.Of(Register.X, new Term(Register.Y, 1), new Term(d, (next - sigma) / 2), new Term(d2, (next - sigma) / 2)),
            ]);
    }
}
