using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>Strategic stochastic sampling of trajectory consistency models: Zheng et al. (2024), arXiv:2402.19159, algorithm 4.</summary>
/// <remarks>
/// <para>ᾱ_t = ∏_{s≤t} (1 − β_s); m is the network's output; z ~ N(0, I); t′ is the timestep visited next, 0 after the last.</para>
/// <para>The consistency function jumps from t to s = ⌊(1 − γ) t′⌋, further than the next timestep: x_s = √ᾱ_s x̂_0 + √(1 − ᾱ_s) ε̂</para>
/// <para>and noise brings it back to t′: x_{t′} = √(ᾱ_{t′}/ᾱ_s) x_s + √(1 − ᾱ_{t′}/ᾱ_s) z</para>
/// <para>
/// With γ = 0 that is DDIM, with γ = 1 multistep consistency sampling. The last step ends at ᾱ_0. Each step keeps the marginals.
/// </para>
/// <para>
/// The timesteps are evenly spaced places of the grid that the network was distilled on, ⌊T/N⌋·i − 1 for i = 1 … N, or of all training timesteps
/// where the original inference steps are said; strength leaves the cleaner part. diffusers has the options of LCMScheduler here, but reads none of
/// <c>clip_sample</c>, <c>thresholding</c>, <c>timestep_scaling</c>, <c>timestep_spacing</c>, <c>steps_offset</c> and <c>set_alpha_to_one</c>.
/// </para>
/// <para>Parity target: diffusers <c>TCDScheduler</c>.</para>
/// </remarks>
public sealed record TcdScheduler : DistilledScheduler<TcdScheduler>
{
    private static readonly SchedulerOption<TcdScheduler>[] OptionList =
    [
        SchedulerOption<TcdScheduler>.Argument("eta", sampler => sampler.Eta, (sampler, value) => sampler.WithEta(value), 0.3),
        SchedulerOption<TcdScheduler>.Integer("distillationSteps", "original_inference_steps", sampler => sampler.DistillationSteps, (sampler, steps) => sampler.WithDistillationSteps(steps), 50),
        SchedulerOption<TcdScheduler>.OpenArgument<int>("originalInferenceSteps", sampler => sampler.OriginalInferenceSteps, (sampler, value) => sampler.WithOriginalInferenceSteps(value)),
        .. DistilledOptions(),
        SchedulerOption<TcdScheduler>.Unread("clip_sample", JsonValue.False),
        SchedulerOption<TcdScheduler>.Unread("clip_sample_range", JsonValue.Of(1.0)),
        SchedulerOption<TcdScheduler>.Unread("thresholding", JsonValue.False),
        SchedulerOption<TcdScheduler>.Unread("dynamic_thresholding_ratio", JsonValue.Of(0.995)),
        SchedulerOption<TcdScheduler>.Unread("sample_max_value", JsonValue.Of(1.0)),
        SchedulerOption<TcdScheduler>.Unread("timestep_scaling", JsonValue.Of(10.0)),
        SchedulerOption<TcdScheduler>.Unread("set_alpha_to_one", JsonValue.True),
        SchedulerOption<TcdScheduler>.Unread("steps_offset", JsonValue.Of(0)),
        SchedulerOption<TcdScheduler>.Unread("timestep_spacing", JsonValue.Of("leading")),
    ];

    /// <summary>γ of the paper, in [0, 1]: 0 is deterministic, 1 the most stochastic.</summary>
    public double Eta { get; init; } = 0.3;

    /// <summary>N, how many timesteps the network was distilled on; null: as the checkpoint says, else 50.</summary>
    public int? DistillationSteps { get; init; }

    /// <summary>If said, any training timestep may be visited and there may be at most so many steps; null: the grid of distillation is kept to.</summary>
    public int? OriginalInferenceSteps { get; init; }

    /// <summary>The same sampler with another γ.</summary>
    /// <param name="eta">In [0, 1].</param>
    public TcdScheduler WithEta(double eta) => this with { Eta = eta };

    /// <summary>The same sampler with another <see cref="DistillationSteps"/>.</summary>
    /// <param name="distillationSteps">n to T; null: as the checkpoint says.</param>
    public TcdScheduler WithDistillationSteps(int? distillationSteps) => this with { DistillationSteps = distillationSteps };

    /// <summary>The same sampler with another <see cref="OriginalInferenceSteps"/>.</summary>
    /// <param name="originalInferenceSteps">At least n; null: the grid of distillation is kept to.</param>
    public TcdScheduler WithOriginalInferenceSteps(int? originalInferenceSteps) => this with { OriginalInferenceSteps = originalInferenceSteps };

    /// <inheritdoc/>
    public override string Name => "Tcd";

    /// <inheritdoc/>
    public override string DiffusersClass => "TCDScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => Eta > 0 && Steps != 1;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<TcdScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions(NoiseSchedule noise) =>
        SpacedChecks.InRange("eta", Name, Eta, 0, 1, 0.3)
            .Concat(OriginalInferenceSteps is null
                ? SpacedChecks.InRange("original_inference_steps", Name, DistillationSteps, 1, noise.TrainTimesteps, 50)
                : SpacedChecks.AtLeast("original_inference_steps", Name, OriginalInferenceSteps, CustomTimesteps.IsEmpty ? Steps ?? 1 : 1, 50));

    /// <inheritdoc/>
    private protected override IReadOnlyList<int> Grid(NoiseSchedule noise) => OriginalInferenceSteps is null
        ? DistillationGrid(noise, DistillationSteps ?? 50)
        : Enumerable.Range(0, (int)(noise.TrainTimesteps * Strength)).ToArray();

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var timesteps = Visited(derivation.Noise);
        return derivation.Table(timesteps.Count, i =>
            Row(timesteps[i], i + 1 < timesteps.Count ? timesteps[i + 1] : 0, AddsNoise(derivation.Noise, i), derivation));
    }

    private Step Row(int timestep, int next, bool addsNoise, Derivation derivation)
    {
        var curve = derivation.Curve;
        var target = (int)Math.Floor((float)((float)(1 - Eta) * (float)next)); // float32: ⌊0.7·990⌋ is 693 there
        var (level, targetLevel, nextLevel) = (Level(timestep), Level(target), Level(next));
        var ratio = curve.AlphaBar(next) / curve.AlphaBar(target);
        var back = Eta > 0 && addsNoise ? Math.Sqrt(ratio) : 1;
        var update = AffineOp.Of(Register.X, [new Term(Register.X0, back * targetLevel.Alpha), .. derivation.NoiseTerms(level, back * targetLevel.Sigma)]);
        return Step.Of(
            timestep,
            next,
            nextLevel,
            [
                EvaluateOp.Single(timestep, level),
                .. derivation.CleanSample(level),
                Eta > 0 && addsNoise ? update.WithNoise(Math.Sqrt(1 - ratio)) : update,
            ]);

        NoiseLevel Level(int at) => NoiseLevel.OfAlphaBar(curve.AlphaBar(at));
    }
}
