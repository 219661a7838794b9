using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>DPM-Solver++ (SDE): a midpoint method on the reverse SDE whose noise is one Brownian path for each picture. From k-diffusion, after Lu et al. (2022), arXiv:2211.01095.</summary>
/// <remarks>
/// <para>x = x_0 + σ ε (the clean sample keeps its scale); the network sees x/√(σ² + 1). σ_m = √(σ σ′) is the middle of a step in log σ.</para>
/// <para>To a level τ the method takes (2211.01095, Eq. 18, with α = 1): x_τ = (τ²/σ²) x + (1 − τ²/σ²) x̂_0 + s_noise τ √(1 − τ²/σ²) z</para>
/// <para>
/// which is ancestral sampling with σ_up = τ √(1 − τ²/σ²) and σ_down = τ²/σ. First τ = σ_m with the x̂_0 of x at σ; then τ = σ′ from the same x, with the x̂_0
/// that the network sees at σ_m. A step to σ′ = 0 gives x̂_0.
/// </para>
/// <para>
/// z is the increment of a Brownian path W over [τ, σ], divided by √(σ − τ): the first z of a step is part of the second, and a seed means the same path for
/// every number of steps between the same ends. diffusers reads the path at e^(log σ) in float32, and so do the spans here.
/// </para>
/// <para>Parity target: diffusers <c>DPMSolverSDEScheduler</c>, whose timesteps name the second evaluations as well.</para>
/// </remarks>
public sealed record DpmSolverSdeScheduler : SigmaScheduler<DpmSolverSdeScheduler>
{
    private static readonly SchedulerOption<DpmSolverSdeScheduler>[] OptionList =
    [
        .. SigmaOptions(TimestepSpacing.Linspace),
        SchedulerOption<DpmSolverSdeScheduler>.Seed("noiseSamplerSeed", "noise_sampler_seed", sampler => sampler.NoiseSamplerSeed, (sampler, seed) => sampler.WithNoiseSamplerSeed(seed)),
        SchedulerOption<DpmSolverSdeScheduler>.Argument("sNoise", sampler => sampler.SNoise, (sampler, value) => sampler.WithSNoise(value), 1.0),
        SchedulerOption<DpmSolverSdeScheduler>.Argument("brownian", sampler => sampler.Brownian, (sampler, value) => sampler.WithBrownian(value), true),
    ];

    /// <summary>The seed of the Brownian path of every picture; null: as the checkpoint says, else the picture's own seed.</summary>
    public long? NoiseSamplerSeed { get; init; }

    /// <summary>s_noise: the deviation of added noise, at least 0.</summary>
    public double SNoise { get; init; } = 1;

    /// <summary>Whether the noise follows a Brownian path; false: it is drawn afresh every time, independent of all before.</summary>
    public bool Brownian { get; init; } = true;

    /// <summary>The same sampler with another <see cref="NoiseSamplerSeed"/>.</summary>
    /// <param name="noiseSamplerSeed">The seed of every picture's path; null: as the checkpoint says.</param>
    public DpmSolverSdeScheduler WithNoiseSamplerSeed(long? noiseSamplerSeed) => this with { NoiseSamplerSeed = noiseSamplerSeed };

    /// <summary>The same sampler with another <see cref="SNoise"/>.</summary>
    /// <param name="sNoise">At least 0.</param>
    public DpmSolverSdeScheduler WithSNoise(double sNoise) => this with { SNoise = sNoise };

    /// <summary>The same sampler with another <see cref="Brownian"/>.</summary>
    /// <param name="brownian">Whether the noise follows a Brownian path.</param>
    public DpmSolverSdeScheduler WithBrownian(bool brownian) => this with { Brownian = brownian };

    /// <inheritdoc/>
    public override string Name => "DpmSolverSde";

    /// <inheritdoc/>
    public override string DiffusersClass => "DPMSolverSDEScheduler";

    /// <inheritdoc/>
    public override int Order => 2;

    /// <inheritdoc/>
    public override int EvaluationsPerStep => 2;

    /// <inheritdoc/>
    public override bool IsStochastic => SNoise > 0;

    /// <inheritdoc/>
    /// <remarks>As in diffusers a timestep of a second evaluation means the level at the end of its step.</remarks>
    public override NoiseLevel LevelAt(NoiseSchedule noise, double timestep)
    {
        var seconds = Derive(noise, PredictionType.VPrediction).Steps.Where(step => step.Ops.OfType<EvaluateOp>().Any(op => op.Stage == 2 && Abs(op.Timestep - timestep) < 1e-3));
        return seconds.FirstOrDefault()?.Level ?? base.LevelAt(noise, timestep);
    }

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.WithoutZeroSnr with { Noise = new(BetaStart: 0.00085, BetaEnd: 0.012) };

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<DpmSolverSdeScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => base.CheckOptions().Concat(SpacedChecks.AtLeast("s_noise", Name, SNoise, 0, 1));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = SigmaLadder.Discrete(derivation.Model, Grid(derivation.Noise, FinalSigma.Zero));
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation), InitialNoiseSigma(ladder));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
        var (level, to) = (NoiseLevel.Exploding(sigma), next == 0 ? -1 : i + 1 < ladder.Count ? ladder.Timesteps[i + 1] : 0);
        StepOp[] first = [Derivation.Evaluate(ladder.Timesteps[i], sigma), .. derivation.CleanSample(level)];
        if (next == 0)
        {
            return Step.Of(ladder.Timesteps[i], to, NoiseLevel.Clean, [.. first, AffineOp.Of(Register.X, new Term(Register.X0, 1))]);
        }

        var middle = Sqrt(sigma * next);
        return Step.Of(
            ladder.Timesteps[i],
            to,
            NoiseLevel.Exploding(next),
            [
                .. first,
                AffineOp.Of(Register.Y, new Term(Register.X, 1)),
                Update(sigma, middle, 1, new NoiseSpan(Told(sigma), Told(sigma, next))),
                Derivation.Evaluate(derivation.Model.TimestepOf(middle), middle, stage: 2),
                .. derivation.CleanSample(NoiseLevel.Exploding(middle), stage: 2),
                Update(sigma, next, 2, new NoiseSpan(Told(sigma), Told(next))),
            ]);
    }

    private AffineOp Update(double sigma, double to, int stage, NoiseSpan span)
    {
        var kept = to * to / (sigma * sigma);
        var update = AffineOp.Of(Register.X, new Term(Register.Y, kept), new Term(Register.X0.At(stage), 1 - kept));
        var noise = SNoise * to * Sqrt(Max(0, 1 - kept));
        return SNoise == 0 ? update : Brownian ? update.WithNoise(noise, span) : update.WithNoise(noise);
    }

    private static double Told(double sigma) => (float)Exp((float)Log(sigma));

    /// <summary>The middle of two levels in log σ, in float32.</summary>
    private static double Told(double sigma, double next)
    {
        var (t, end) = (-(float)Log(sigma), -(float)Log(next));
        return (float)Exp(-(float)(t + ((float)(end - t) * 0.5f)));
    }
}
