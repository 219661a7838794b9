using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>
/// A sampler in the formulation of Karras et al. (2022), arXiv:2206.00364: its levels are its own, not those of a noise schedule, and the network is
/// preconditioned.
/// </summary>
/// <remarks>
/// <para>x = x_0 + σ ε; table 1: the network sees c_in x with c_in = 1/√(σ² + σ_data²) and is told c_noise = ¼ log σ; x̂_0 = c_skip x + c_out m
/// (<see cref="PredictionBasis.Preconditioned"/>).</para>
/// <para>
/// diffusers computes the levels in float32, and whether one of them reaches a bound depends on it: they are rounded as there. A spread in log σ is counted from
/// the clean end, so that a single step starts at σ_min.
/// </para>
/// </remarks>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record EdmScheduler<TSelf> : Scheduler<TSelf>
    where TSelf : EdmScheduler<TSelf>
{
    private protected EdmScheduler()
    {
    }

    /// <summary>The smallest level, above 0; null: as the checkpoint says, else 0.002.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>The largest level, at least <see cref="SigmaMin"/>; null: as the checkpoint says, else 80.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>The standard deviation of the data, above 0; null: as the checkpoint says, else 0.5.</summary>
    public double? SigmaData { get; init; }

    /// <summary>How the levels are spread, karras or exponential; null: as the checkpoint says, else karras with ρ = 7.</summary>
    public SigmaSchedule? Sigmas { get; init; }

    /// <summary>The same sampler with another <see cref="SigmaMin"/>.</summary>
    /// <param name="sigmaMin">Above 0; null: as the checkpoint says.</param>
    public TSelf WithSigmaMin(double? sigmaMin) => Self(this with { SigmaMin = sigmaMin });

    /// <summary>The same sampler with another <see cref="SigmaMax"/>.</summary>
    /// <param name="sigmaMax">At least the smallest; null: as the checkpoint says.</param>
    public TSelf WithSigmaMax(double? sigmaMax) => Self(this with { SigmaMax = sigmaMax });

    /// <summary>The same sampler with another <see cref="SigmaData"/>.</summary>
    /// <param name="sigmaData">Above 0; null: as the checkpoint says.</param>
    public TSelf WithSigmaData(double? sigmaData) => Self(this with { SigmaData = sigmaData });

    /// <summary>The same sampler with another <see cref="Sigmas"/>.</summary>
    /// <param name="sigmas">Karras or exponential; null: as the checkpoint says.</param>
    public TSelf WithSigmas(SigmaSchedule? sigmas) => Self(this with { Sigmas = sigmas });

    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction)
    {
        var findings = (Steps < 1 ? [Rules.StepsOutOfRange.Found(Steps, noise.TrainTimesteps)] : Enumerable.Empty<Finding>())
            .Concat(SpacedChecks.AtLeast("sigma_min", Name, SigmaMin, 1e-10, 0.002))
            .Concat(SpacedChecks.AtLeast("sigma_max", Name, SigmaMax, SigmaMin ?? 0.002, 80))
            .Concat(SpacedChecks.AtLeast("sigma_data", Name, SigmaData, 1e-10, 0.5))
            .Concat(Sigmas?.Check() ?? [])
            .Concat(UnknownWords())
            .Concat(CheckOptions());
        if (Sigmas is not (null or KarrasSigmas or ExponentialSigmas))
        {
            findings = findings.Append(Rules.OptionsExclude.Found("sigmas: " + Sigmas, Name, "its levels are spread karras or exponential"));
        }

        return prediction is PredictionType.Epsilon or PredictionType.VPrediction
            ? findings
            : findings.Append(Rules.PredictionNotSupported.Found(Names.Of(prediction), Name, Names.Of(PredictionType.Epsilon) + " and " + Names.Of(PredictionType.VPrediction)));
    }

    /// <inheritdoc/>
    internal sealed override ModelKind Kind => ModelKind.Edm;

    /// <inheritdoc/>
    /// <remarks>The timestep is ¼ log σ; the level with the nearest is meant.</remarks>
    public override NoiseLevel LevelAt(NoiseSchedule noise, double timestep) =>
        Derive(noise, PredictionType.VPrediction).Evaluations.OrderBy(evaluation => Abs(evaluation.Timestep - timestep)).First().Level;

    /// <summary>The options that every such sampler has.</summary>
    private protected static IEnumerable<SchedulerOption<TSelf>> EdmOptions() =>
    [
        SchedulerOption<TSelf>.Number("sigmaMin", "sigma_min", sampler => sampler.SigmaMin, (sampler, sigma) => sampler.WithSigmaMin(sigma), 0.002),
        SchedulerOption<TSelf>.Number("sigmaMax", "sigma_max", sampler => sampler.SigmaMax, (sampler, sigma) => sampler.WithSigmaMax(sigma), 80.0),
        SchedulerOption<TSelf>.Number("sigmaData", "sigma_data", sampler => sampler.SigmaData, (sampler, sigma) => sampler.WithSigmaData(sigma), 0.5),
        SchedulerOption<TSelf>.EdmSigmas(sampler => sampler.Sigmas, (sampler, sigmas) => sampler.WithSigmas(sigmas)),
    ];

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.Only("num_train_timesteps", "prediction_type");

    /// <summary>What is wrong with the sampler's own options.</summary>
    private protected abstract IEnumerable<Finding> CheckOptions();

    /// <summary>√(σ_max² + 1), as diffusers has it.</summary>
    private protected double InitialNoiseSigma => Sqrt((Largest * Largest) + 1);

    /// <summary>The levels of a resolved sampler.</summary>
    /// <param name="derivation">What the table is derived from.</param>
    /// <param name="final">Where the last step ends.</param>
    private protected SigmaLadder Ladder(Derivation derivation, FinalSigma final)
    {
        var count = Steps ?? derivation.Noise.TrainTimesteps;
        var sigmas = Sigmas is ExponentialSigmas
            ? Spread.EvenSingle(Log(Smallest), Log(Largest), count).Reverse().Select(log => (float)Exp(log))
            : Spread.EvenSingle(0, 1, count).Select(Karras);
        var visited = sigmas.Select(sigma => (double)sigma).ToArray();
        return new(visited.Append(final == FinalSigma.Zero ? 0 : (float)Smallest).ToEquatableArray(), visited.Select(sigma => 0.25 * Log(sigma)).ToEquatableArray());
    }

    /// <summary>m ← network(c_in x, c_noise), at the i-th level.</summary>
    private protected EvaluateOp Evaluate(SigmaLadder ladder, int i)
    {
        var (sigma, data) = (ladder.Sigmas[i], Data);
        return EvaluateOp.Single(ladder.Timesteps[i], NoiseLevel.Exploding(sigma), 1 / Sqrt((sigma * sigma) + (data * data)));
    }

    /// <summary>x̂_0 and ε̂ from x and the network's output at σ.</summary>
    private protected PredictionBasis Basis(Derivation derivation, double sigma) => PredictionBasis.Preconditioned(derivation.Prediction, sigma, Data);

    /// <summary>A step from the i-th level to the next.</summary>
    private protected static Step Between(SigmaLadder ladder, int i, IEnumerable<StepOp> ops)
    {
        var next = ladder.Sigmas[i + 1];
        return Step.Of(
            ladder.Timesteps[i],
            next == 0 ? -1 : i + 1 < ladder.Count ? ladder.Timesteps[i + 1] : 0.25 * Log(next),
            NoiseLevel.Exploding(next),
            ops.ToArray());
    }

    private double Smallest => SigmaMin ?? 0.002;

    private double Largest => SigmaMax ?? 80;

    private double Data => SigmaData ?? 0.5;

    private float Karras(float ramp)
    {
        var rho = (Sigmas as KarrasSigmas)?.Rho ?? 7;
        var (start, end) = (Pow(Largest, 1 / rho), Pow(Smallest, 1 / rho));
        return (float)Pow((float)start + (float)(ramp * (float)(end - start)), rho);
    }
}
