using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>Multistep sampling of latent consistency models: Luo et al. (2023), arXiv:2310.04378, algorithm 3.</summary>
/// <remarks>
/// <para>ᾱ_t = ∏_{s≤t} (1 − β_s); m is the network's output; z ~ N(0, I); t′ is the timestep visited next.</para>
/// <para>Eq. (9): f(x, t) = c_skip(t) x + c_out(t) x̂_0, the consistency function, with the boundary f(x, 0) = x</para>
/// <para>c_skip(t) = σ_d²/((s t)² + σ_d²), c_out(t) = s t/√((s t)² + σ_d²), σ_d = ½, s the timestep scaling (diffusers' numbers)</para>
/// <para>Algorithm 3: x_{t′} = √ᾱ_{t′} f(x, t) + √(1 − ᾱ_{t′}) z; the last step gives f(x, t).</para>
/// <para>
/// The timesteps are evenly spaced places of the grid that the network was distilled on, ⌊T/N⌋·i − 1 for i = 1 … N, of which strength leaves the
/// cleaner part. diffusers reads neither <c>timestep_spacing</c> nor <c>steps_offset</c> nor <c>set_alpha_to_one</c> here.
/// </para>
/// <para>Parity target: diffusers <c>LCMScheduler</c>.</para>
/// </remarks>
public sealed record LcmScheduler : DistilledScheduler<LcmScheduler>
{
    private const double SigmaData = 0.5;

    private static readonly SchedulerOption<LcmScheduler>[] OptionList =
    [
        SchedulerOption<LcmScheduler>.Integer("originalInferenceSteps", "original_inference_steps", sampler => sampler.OriginalInferenceSteps, (sampler, steps) => sampler.WithOriginalInferenceSteps(steps), 50),
        .. DistilledOptions(),
        SchedulerOption<LcmScheduler>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.None),
        SchedulerOption<LcmScheduler>.Number("timestepScaling", "timestep_scaling", sampler => sampler.TimestepScaling, (sampler, scaling) => sampler.WithTimestepScaling(scaling), 10),
        SchedulerOption<LcmScheduler>.Unread("set_alpha_to_one", JsonValue.True),
        SchedulerOption<LcmScheduler>.Unread("steps_offset", JsonValue.Of(0)),
        SchedulerOption<LcmScheduler>.Unread("timestep_spacing", JsonValue.Of("leading")),
    ];

    /// <summary>N, how many timesteps the network was distilled on; null: as the checkpoint says, else 50.</summary>
    public int? OriginalInferenceSteps { get; init; }

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else nothing.</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>s, the factor of t in the boundary scalings: the larger, the less of x is mixed in; null: as the checkpoint says, else 10.</summary>
    public double? TimestepScaling { get; init; }

    /// <summary>The same sampler with another <see cref="OriginalInferenceSteps"/>.</summary>
    /// <param name="originalInferenceSteps">n to T; null: as the checkpoint says.</param>
    public LcmScheduler WithOriginalInferenceSteps(int? originalInferenceSteps) => this with { OriginalInferenceSteps = originalInferenceSteps };

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">What keeps x̂_0 in range; null: as the checkpoint says.</param>
    public LcmScheduler WithClamp(Clamp? clamp) => this with { Clamp = clamp };

    /// <summary>The same sampler with another <see cref="TimestepScaling"/>.</summary>
    /// <param name="timestepScaling">At least 0; null: as the checkpoint says.</param>
    public LcmScheduler WithTimestepScaling(double? timestepScaling) => this with { TimestepScaling = timestepScaling };

    /// <inheritdoc/>
    public override string Name => "Lcm";

    /// <inheritdoc/>
    public override string DiffusersClass => "LCMScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => Steps != 1;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<LcmScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions(NoiseSchedule noise) =>
        SpacedChecks.InRange("original_inference_steps", Name, OriginalInferenceSteps, 1, noise.TrainTimesteps, 50)
            .Concat(SpacedChecks.AtLeast("timestep_scaling", Name, TimestepScaling, 0, 10))
            .Concat(SpacedChecks.Clamping(Clamp));

    /// <inheritdoc/>
    private protected override IReadOnlyList<int> Grid(NoiseSchedule noise) => DistillationGrid(noise, OriginalInferenceSteps ?? 50);

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var timesteps = Visited(derivation.Noise);
        return derivation.Table(timesteps.Count, i => AddsNoise(derivation.Noise, i)
            ? Row(timesteps[i], i + 1 < timesteps.Count ? timesteps[i + 1] : timesteps[i], derivation)
            : Row(timesteps[i], -1, derivation));
    }

    private Step Row(int timestep, int next, Derivation derivation)
    {
        var level = NoiseLevel.OfAlphaBar(derivation.Curve.AlphaBar(timestep));
        var nextLevel = next >= 0 ? NoiseLevel.OfAlphaBar(derivation.Curve.AlphaBar(next)) : NoiseLevel.Clean;
        var scaled = (TimestepScaling ?? 10) * timestep;
        var power = (scaled * scaled) + (SigmaData * SigmaData);
        var (skip, output) = (SigmaData * SigmaData / power, scaled / Sqrt(power)); // (9)
        var update = AffineOp.Of(Register.X, new Term(Register.X0, nextLevel.Alpha * output), new Term(Register.X, nextLevel.Alpha * skip));
        return Step.Of(
            timestep,
            next,
            nextLevel,
            [
                EvaluateOp.Single(timestep, level),
                .. derivation.CleanSample(level, Clamp),
                next >= 0 ? update.WithNoise(nextLevel.Sigma) : update,
            ]);
    }
}
