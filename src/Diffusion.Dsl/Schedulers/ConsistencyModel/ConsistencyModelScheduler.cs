using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>Multistep sampling of consistency models: Song, Dhariwal, Chen and Sutskever (2023), arXiv:2303.01469, algorithm 1.</summary>
/// <remarks>
/// <para>x = x_0 + σ ε (the clean sample keeps its scale); F is the network's output for x/√(σ² + σ_d²); z ~ N(0, I); σ′ is the next level.</para>
/// <para>Eq. (5): f(x, σ) = c_skip x + c_out F, the consistency function, which has the boundary f(x, σ_min) = x</para>
/// <para>Appendix C: c_skip = σ_d²/((σ − σ_min)² + σ_d²), c_out = σ_d (σ − σ_min)/√(σ² + σ_d²)</para>
/// <para>Algorithm 1: x ← f(x, σ) + s_noise √(σ′² − σ_min²) z; the last step has σ′ = σ_min.</para>
/// <para>
/// The levels are places i of the T of Karras et al. (arXiv:2206.00364, Eq. 5), σ_i = (σ_max^(1/ρ) + i/(T − 1)·(σ_min^(1/ρ) − σ_max^(1/ρ)))^ρ:
/// i = 0, k, 2 k … with k = ⌊T/n⌋. The network is told 250 log σ. What the checkpoint says of betas and of the prediction type plays no part.
/// </para>
/// <para>Parity target: diffusers <c>CMStochasticIterativeScheduler</c>.</para>
/// </remarks>
public sealed record ConsistencyModelScheduler : Scheduler<ConsistencyModelScheduler>
{
    private static readonly SchedulerOption<ConsistencyModelScheduler>[] OptionList =
    [
        SchedulerOption<ConsistencyModelScheduler>.Argument("timesteps", sampler => sampler.CustomTimesteps, (sampler, value) => sampler.WithCustomTimesteps([.. value]), default(EquatableArray<int>)),
        SchedulerOption<ConsistencyModelScheduler>.Number("sigmaMin", "sigma_min", sampler => sampler.SigmaMin, (sampler, sigma) => sampler.WithSigmaMin(sigma), 0.002),
        SchedulerOption<ConsistencyModelScheduler>.Number("sigmaMax", "sigma_max", sampler => sampler.SigmaMax, (sampler, sigma) => sampler.WithSigmaMax(sigma), 80),
        SchedulerOption<ConsistencyModelScheduler>.Number("sigmaData", "sigma_data", sampler => sampler.SigmaData, (sampler, sigma) => sampler.WithSigmaData(sigma), 0.5),
        SchedulerOption<ConsistencyModelScheduler>.Number("sNoise", "s_noise", sampler => sampler.SNoise, (sampler, noise) => sampler.WithSNoise(noise), 1),
        SchedulerOption<ConsistencyModelScheduler>.Number("rho", "rho", sampler => sampler.Rho, (sampler, rho) => sampler.WithRho(rho), 7),
        SchedulerOption<ConsistencyModelScheduler>.Flag("clipDenoised", "clip_denoised", sampler => sampler.ClipDenoised, (sampler, clip) => sampler.WithClipDenoised(clip), true),
    ];

    /// <summary>Places of the schedule given one by one, falling strictly and counted from the noisiest level, 0: [22, 0] is σ_0, then σ_22; empty: every k-th.</summary>
    public EquatableArray<int> CustomTimesteps { get; init; }

    /// <summary>σ_min, the level that counts as clean; null: as the checkpoint says, else 0.002.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>σ_max, the noisiest level; null: as the checkpoint says, else 80.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>σ_d, the standard deviation of the data; null: as the checkpoint says, else 0.5.</summary>
    public double? SigmaData { get; init; }

    /// <summary>s_noise: the deviation of the noise between steps; null: as the checkpoint says, else 1.</summary>
    public double? SNoise { get; init; }

    /// <summary>ρ of the levels' spread; null: as the checkpoint says, else 7.</summary>
    public double? Rho { get; init; }

    /// <summary>Whether f is cut to [−1, 1]; null: as the checkpoint says, else yes.</summary>
    public bool? ClipDenoised { get; init; }

    /// <summary>The same sampler at the given places of the schedule.</summary>
    /// <param name="timesteps">Falling strictly from at most T − 1 to at least 0; none: every k-th place.</param>
    public ConsistencyModelScheduler WithCustomTimesteps(params int[] timesteps) =>
        this with { CustomTimesteps = timesteps.ToEquatableArray(), Steps = timesteps.Length == 0 ? Steps : timesteps.Length };

    /// <summary>The same sampler with another <see cref="SigmaMin"/>.</summary>
    /// <param name="sigmaMin">Above 0; null: as the checkpoint says.</param>
    public ConsistencyModelScheduler WithSigmaMin(double? sigmaMin) => this with { SigmaMin = sigmaMin };

    /// <summary>The same sampler with another <see cref="SigmaMax"/>.</summary>
    /// <param name="sigmaMax">At least the smallest; null: as the checkpoint says.</param>
    public ConsistencyModelScheduler WithSigmaMax(double? sigmaMax) => this with { SigmaMax = sigmaMax };

    /// <summary>The same sampler with another <see cref="SigmaData"/>.</summary>
    /// <param name="sigmaData">Above 0; null: as the checkpoint says.</param>
    public ConsistencyModelScheduler WithSigmaData(double? sigmaData) => this with { SigmaData = sigmaData };

    /// <summary>The same sampler with another <see cref="SNoise"/>.</summary>
    /// <param name="sNoise">At least 0; null: as the checkpoint says.</param>
    public ConsistencyModelScheduler WithSNoise(double? sNoise) => this with { SNoise = sNoise };

    /// <summary>The same sampler with another <see cref="Rho"/>.</summary>
    /// <param name="rho">Above 0; null: as the checkpoint says.</param>
    public ConsistencyModelScheduler WithRho(double? rho) => this with { Rho = rho };

    /// <summary>The same sampler with another <see cref="ClipDenoised"/>.</summary>
    /// <param name="clipDenoised">Whether f is cut to [−1, 1]; null: as the checkpoint says.</param>
    public ConsistencyModelScheduler WithClipDenoised(bool? clipDenoised) => this with { ClipDenoised = clipDenoised };

    /// <inheritdoc/>
    public override string Name => "ConsistencyModel";

    /// <inheritdoc/>
    public override string DiffusersClass => "CMStochasticIterativeScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => Steps != 1;

    /// <inheritdoc/>
    public override NoiseLevel LevelAt(NoiseSchedule noise, double timestep) => LevelOfEvaluation(noise, timestep);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction) =>
        SpacedChecks.Steps(noise, Steps ?? noise.TrainTimesteps)
            .Concat(SpacedChecks.Custom(noise, CustomTimesteps))
            .Concat(SpacedChecks.AtLeast("sigma_min", Name, SigmaMin, 1e-10, 0.002))
            .Concat(SpacedChecks.AtLeast("sigma_max", Name, SigmaMax, SigmaMin ?? 0.002, 80))
            .Concat(SpacedChecks.AtLeast("sigma_data", Name, SigmaData, 1e-10, 0.5))
            .Concat(SpacedChecks.AtLeast("s_noise", Name, SNoise, 0, 1))
            .Concat(SpacedChecks.AtLeast("rho", Name, Rho, 1e-10, 7));

    /// <inheritdoc/>
    internal override ModelKind Kind => ModelKind.Consistency;

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.Only("num_train_timesteps") with { Noise = NoiseSchedule.Linear.WithTrainTimesteps(40) };

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<ConsistencyModelScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override object? FirstArgument => CustomTimesteps.IsEmpty ? Steps : null;

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var (last, steps) = (derivation.Noise.TrainTimesteps - 1, Steps ?? derivation.Noise.TrainTimesteps);
        var places = CustomTimesteps.IsEmpty
            ? Enumerable.Range(0, steps).Select(i => i * (derivation.Noise.TrainTimesteps / steps)).ToArray()
            : CustomTimesteps.Reverse().ToArray();
        return derivation.Table(places.Length, i => Row(places, i, last), SigmaMax ?? 80);
    }

    private Step Row(int[] places, int i, int last)
    {
        var (least, data) = (SigmaMin ?? 0.002, SigmaData ?? 0.5);
        var (exact, next) = (Level(places[i], last), i + 1 < places.Length ? Level(places[i + 1], last) : least);
        double sigma = (float)exact;
        var skip = data * data / (((sigma - least) * (sigma - least)) + (data * data));
        var output = data * (sigma - least) / Sqrt((sigma * sigma) + (data * data));
        var update = AffineOp.Of(Register.X, new Term(Register.X0, 1));
        return Step.Of(
            last - places[i],
            i + 1 < places.Length ? last - places[i + 1] : -1,
            NoiseLevel.Exploding(next),
            EvaluateOp.Single(250 * Log(exact), NoiseLevel.Exploding(sigma), 1 / Sqrt((sigma * sigma) + (data * data))),
            new ConvertOp(skip, output), // (5)
            ClipDenoised ?? true ? new ClampOp(Clamp.Range()) : null,
            places.Length > 1 ? update.WithNoise((SNoise ?? 1) * Added(next, least)) : update);
    }

    /// <summary>√(σ′² − σ_min²) of float32 numbers: where σ′ = σ_min a little is left, and diffusers adds it.</summary>
    private static double Added(double next, double least)
    {
        var (level, floor) = ((float)Max(next, least), (float)(least * least));
        return Sqrt(Max(0, (float)((float)(level * level) - floor)));
    }

    private double Level(int place, int last)
    {
        var (root, most) = (1 / (Rho ?? 7), SigmaMax ?? 80);
        return Pow(Pow(most, root) + (place / (double)last * (Pow(SigmaMin ?? 0.002, root) - Pow(most, root))), Rho ?? 7);
    }
}
