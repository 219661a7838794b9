using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>PNDM, a pseudo linear multistep method that Runge-Kutta steps (or PLMS's shorter way) warm up: Liu, Ren, Lin and Zhao (2022), arXiv:2202.09778.</summary>
/// <remarks>
/// <para>ᾱ_t = ∏_{s≤t} (1 − β_s); m is the network's output; t′ = t − δ with δ = ⌊T/n⌋; ε̂ = r x + s m and x̂_0 = p x + q m (<see cref="PredictionBasis"/>).</para>
/// <para>Eq. (11), the transfer φ(x, m, t, t′) = √ᾱ_{t′} x̂_0 + √(1 − ᾱ_{t′}) ε̂; (9) is the same without cancellation.</para>
/// <para>
/// Eq. (13), Runge-Kutta, the first three steps, all from the same x and t: m_1 at t; m_2 at t − δ/2 and φ(x, m_1); m_3 there and φ(x, m_2); m_4 at t − δ
/// and φ(x, m_3); x ← φ(x, (m_1 + 2 m_2 + 2 m_3 + m_4)/6).
/// </para>
/// <para>Eq. (12), linear multistep: x ← φ(x, (55 m_t − 59 m_{t+δ} + 37 m_{t+2δ} − 9 m_{t+3δ})/24).</para>
/// <para>
/// <see cref="SkipPrkSteps"/> is PLMS of latent diffusion: the first step has two evaluations, x ← φ(x, (m_t + m_{t′})/2), the next ones orders 2 and 3.
/// </para>
/// <para>
/// As in diffusers outputs are combined as the network gives them, so that only for ε all of them mean the same, and image-to-image counts evaluations, not steps:
/// from wherever it starts, the next two (or twelve) of the listed timesteps are taken for the warm-up. PLMS is then one timestep ahead of its x.
/// </para>
/// <para>Parity target: diffusers <c>PNDMScheduler</c>, which has no list of custom timesteps; here δ is then the distance to the next.</para>
/// </remarks>
public sealed record PndmScheduler : SpacedScheduler<PndmScheduler>
{
    private static readonly SchedulerOption<PndmScheduler>[] OptionList =
    [
        .. SpacedOptions(TimestepSpacing.Leading),
        SchedulerOption<PndmScheduler>.Flag("skipPrkSteps", "skip_prk_steps", sampler => sampler.SkipPrkSteps, (sampler, skip) => sampler.WithSkipPrkSteps(skip), false),
        SchedulerOption<PndmScheduler>.Flag("setAlphaToOne", "set_alpha_to_one", sampler => sampler.SetAlphaToOne, (sampler, one) => sampler.WithSetAlphaToOne(one), false),
    ];

    /// <summary>Whether PLMS's first step takes the place of the Runge-Kutta steps, as for Stable Diffusion; null: as the checkpoint says, else not.</summary>
    public bool? SkipPrkSteps { get; init; }

    /// <summary>Whether the last step ends at ᾱ = 1 (true) or at ᾱ_0 (false); null: as the checkpoint says, else false.</summary>
    public bool? SetAlphaToOne { get; init; }

    /// <summary>The same sampler with another <see cref="SkipPrkSteps"/>.</summary>
    /// <param name="skipPrkSteps">Whether there are no Runge-Kutta steps; null: as the checkpoint says.</param>
    public PndmScheduler WithSkipPrkSteps(bool? skipPrkSteps) => this with { SkipPrkSteps = skipPrkSteps };

    /// <summary>The same sampler with another <see cref="SetAlphaToOne"/>.</summary>
    /// <param name="setAlphaToOne">Whether the last step ends at ᾱ = 1; null: as the checkpoint says.</param>
    public PndmScheduler WithSetAlphaToOne(bool? setAlphaToOne) => this with { SetAlphaToOne = setAlphaToOne };

    /// <inheritdoc/>
    public override string Name => "Pndm";

    /// <inheritdoc/>
    public override string DiffusersClass => "PNDMScheduler";

    /// <inheritdoc/>
    /// <remarks>Second order, as the paper shows, whatever the order of the weights: the transfer is not linear in time.</remarks>
    public override int Order => 2;

    /// <inheritdoc/>
    public override int HistoryLength => 3;

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.WithoutZeroSnr;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<PndmScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() =>
        SkipPrkSteps == true ? [] : SpacedChecks.AtLeast("steps", Name + " with Runge-Kutta steps", Steps, PndmTable.FewestSteps, 50);

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckTable(NoiseSchedule noise, PredictionType prediction) =>
        prediction is PredictionType.Epsilon or PredictionType.VPrediction
            ? SpacedChecks.TerminalSnr(noise, prediction, Spaced(noise))
            : [Rules.PredictionNotSupported.Found(Names.Of(prediction), Name, Names.Of(PredictionType.Epsilon) + " or " + Names.Of(PredictionType.VPrediction))];

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var timesteps = Spaced(derivation.Noise);
        var strides = CustomTimesteps.IsEmpty
            ? Enumerable.Repeat(Stride(derivation.Noise), timesteps.Count)
            : timesteps.Select((timestep, i) => timestep - (i + 1 < timesteps.Count ? timesteps[i + 1] : -1));
        var table = new PndmTable(derivation, timesteps, strides.ToArray(), SetAlphaToOne == true);
        return new(SkipPrkSteps == true ? table.Plms() : table.RungeKutta());
    }
}
