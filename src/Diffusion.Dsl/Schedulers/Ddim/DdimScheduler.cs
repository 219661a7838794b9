using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>DDIM, the non-Markovian sampler of Song, Meng and Ermon (2020), arXiv:2010.02502.</summary>
/// <remarks>
/// <para>ᾱ_t = ∏_{s≤t} (1 − β_s) (the paper writes α_t); m is the network's output; z ~ N(0, I); t′ = t − ⌊T/n⌋.</para>
/// <para>Eq. (12): x_{t′} = √ᾱ_{t′} x̂_0 + √(1 − ᾱ_{t′} − σ_t²) ε̂ + σ_t z</para>
/// <para>Eq. (16): σ_t = η √((1 − ᾱ_{t′}) / (1 − ᾱ_t)) √(1 − ᾱ_t / ᾱ_{t′})</para>
/// <para>
/// With ε̂ = r x + s m (<see cref="PredictionBasis"/>) and d = √(1 − ᾱ_{t′} − σ_t²) the update is
/// x ← √ᾱ_{t′} x̂_0 + d r x + d s m + σ_t z. Clipping x̂_0 leaves ε̂ as the network said it, unless
/// <see cref="UseClippedModelOutput"/>: then ε̂ = (x − √ᾱ_t x̂_0) / √(1 − ᾱ_t).
/// </para>
/// <para>Parity target: diffusers <c>DDIMScheduler</c>.</para>
/// </remarks>
/// <param name="Steps">n, 1 to T.</param>
/// <param name="Eta">η of Eq. (16), in [0, 1]: 0 is deterministic; 1 has the DDPM posterior variance.</param>
public sealed record DdimScheduler(int Steps, double Eta = 0) : Scheduler
{
    /// <summary>How the timesteps are chosen; null: as the checkpoint says, else leading.</summary>
    public TimestepSpacing? Spacing { get; init; }

    /// <summary>Added to every timestep of <see cref="TimestepSpacing.Leading"/>; null: as the checkpoint says, else 0.</summary>
    public int? StepsOffset { get; init; }

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>Whether the last step ends at ᾱ = 1 (true) or at ᾱ_0 (false); null: as the checkpoint says, else true.</summary>
    public bool? SetAlphaToOne { get; init; }

    /// <summary>Whether ε̂ is derived again from the clipped x̂_0 (needed with learned guidance, arXiv:2105.05233).</summary>
    public bool UseClippedModelOutput { get; init; }

    /// <summary>The same sampler with another number of steps.</summary>
    /// <param name="steps">n, 1 to T.</param>
    public DdimScheduler WithSteps(int steps) => this with { Steps = steps };

    /// <summary>The same sampler with another η.</summary>
    /// <param name="eta">In [0, 1].</param>
    public DdimScheduler WithEta(double eta) => this with { Eta = eta };

    /// <summary>The same sampler with another <see cref="Spacing"/>.</summary>
    /// <param name="spacing">How the timesteps are chosen.</param>
    public DdimScheduler WithSpacing(TimestepSpacing spacing) => this with { Spacing = spacing };

    /// <summary>The same sampler with another <see cref="StepsOffset"/>.</summary>
    /// <param name="stepsOffset">At least 0.</param>
    public DdimScheduler WithStepsOffset(int stepsOffset) => this with { StepsOffset = stepsOffset };

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">What keeps x̂_0 in range.</param>
    public DdimScheduler WithClamp(Clamp clamp) => this with { Clamp = clamp };

    /// <summary>The same sampler with another <see cref="SetAlphaToOne"/>.</summary>
    /// <param name="setAlphaToOne">Whether the last step ends at ᾱ = 1.</param>
    public DdimScheduler WithSetAlphaToOne(bool setAlphaToOne) => this with { SetAlphaToOne = setAlphaToOne };

    /// <summary>The same sampler with another <see cref="UseClippedModelOutput"/>.</summary>
    /// <param name="useClippedModelOutput">Whether ε̂ follows the clipped x̂_0.</param>
    public DdimScheduler WithUseClippedModelOutput(bool useClippedModelOutput) => this with { UseClippedModelOutput = useClippedModelOutput };

    /// <inheritdoc/>
    public override string ShortName => "Ddim" + Text.Of(Steps);

    /// <inheritdoc/>
    public override Scheduler Resolve(SchedulerConfig config) => this with
    {
        Spacing = Spacing ?? config.Spacing ?? TimestepSpacing.Leading,
        StepsOffset = StepsOffset ?? config.StepsOffset ?? 0,
        Clamp = Clamp ?? config.Clamp ?? Clamp.Range(),
        SetAlphaToOne = SetAlphaToOne ?? config.SetAlphaToOne ?? true,
    };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction)
    {
        var findings = SpacedChecks.Steps(noise, Steps)
            .Concat(SpacedChecks.Offset(noise, Steps, Spacing, StepsOffset ?? 0))
            .Concat(SpacedChecks.Clamping(Clamp))
            .ToList();
        if (!(Eta >= 0 && Eta <= 1))
        {
            findings.Add(Rules.EtaOutOfRange.Found(Eta));
        }

        return findings.Count > 0 ? findings : SpacedChecks.TerminalSnr(noise, prediction, Timesteps(noise));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Timesteps(NoiseSchedule noise) =>
        Dsl.Timesteps.Descending(Spacing ?? TimestepSpacing.Leading, noise.TrainTimesteps, Steps, StepsOffset ?? 0);

    /// <inheritdoc/>
    public override StepTable Derive(NoiseSchedule noise, PredictionType prediction)
    {
        var curve = noise.Curve();
        var final = SetAlphaToOne ?? true ? 1 : curve.AlphaBar(0);
        var stride = noise.TrainTimesteps / Steps;
        return new StepTable(Timesteps(noise).Select(t =>
            Row(t, t - stride, curve.AlphaBar(t), t >= stride ? curve.AlphaBar(t - stride) : final, prediction)));
    }

    private Step Row(int timestep, int previous, double alphaBar, double previousAlphaBar, PredictionType prediction)
    {
        var sigma = Eta * Sqrt((1 - previousAlphaBar) / (1 - alphaBar) * (1 - (alphaBar / previousAlphaBar))); // (16)
        var direction = Sqrt(Max(0, 1 - previousAlphaBar - (sigma * sigma)));                                 // (12)
        var basis = PredictionBasis.Of(prediction, alphaBar);
        var noiseRoot = Sqrt(1 - alphaBar);
        var update = UseClippedModelOutput
            ? AffineOp.Of(
                Register.X,
                new Term(Register.X0, Sqrt(previousAlphaBar) - (direction * Sqrt(alphaBar) / noiseRoot)),
                new Term(Register.X, direction / noiseRoot))
            : AffineOp.Of(
                Register.X,
                new Term(Register.X0, Sqrt(previousAlphaBar)),
                new Term(Register.X, direction * basis.R),
                new Term(Register.M, direction * basis.S));
        return Step.Of(
            timestep,
            previous,
            EvaluateOp.Single(timestep),
            new ConvertOp(basis.P, basis.Q),
            Clamp is null or NoClamp ? null : new ClampOp(Clamp),
            Eta > 0 ? update.WithNoise(sigma) : update);
    }

    /// <summary>The canonical text: <c>Ddim(40, eta: 0.5)</c>; options that have diffusers' default are left out.</summary>
    public override string ToString() => new Signature("Ddim")
        .Argument(Steps)
        .Option("eta", Eta, 0.0)
        .Option("spacing", Spacing, TimestepSpacing.Leading)
        .Option("stepsOffset", StepsOffset, 0)
        .Option("clamp", Clamp, Clamp.Range())
        .Option("setAlphaToOne", SetAlphaToOne, true)
        .Option("useClippedModelOutput", UseClippedModelOutput, false)
        .ToString();
}
