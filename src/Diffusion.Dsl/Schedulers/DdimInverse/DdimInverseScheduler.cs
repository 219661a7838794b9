using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>DDIM run from clean to noisy: finds the noise that DDIM (η = 0) maps to a given image (arXiv:2010.02502, Eq. 13; arXiv:2105.05233, section F).</summary>
/// <remarks>
/// <para>
/// One step takes x from s = min(t − ⌊T/n⌋, T − 1) to t, where ε̂ is the network's prediction at t:
/// x_t = √ᾱ_t x̂_0 + √(1 − ᾱ_t) ε̂, x̂_0 and ε̂ from (x, m) at ᾱ_s. For s &lt; 0, ᾱ_s is 1 or ᾱ_0.
/// </para>
/// <para>Parity target: diffusers <c>DDIMInverseScheduler</c>.</para>
/// </remarks>
/// <param name="Steps">n, 1 to T.</param>
public sealed record DdimInverseScheduler(int Steps) : Scheduler
{
    /// <summary>How the timesteps are chosen, leading or trailing; null: as the checkpoint says, else leading.</summary>
    public TimestepSpacing? Spacing { get; init; }

    /// <summary>Added to every timestep of <see cref="TimestepSpacing.Leading"/>; null: as the checkpoint says, else 0.</summary>
    public int? StepsOffset { get; init; }

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>Whether the clean end has ᾱ = 1 (true) or ᾱ_0 (false); null: as the checkpoint says, else true.</summary>
    public bool? SetAlphaToOne { get; init; }

    /// <summary>The same sampler with another number of steps.</summary>
    /// <param name="steps">n, 1 to T.</param>
    public DdimInverseScheduler WithSteps(int steps) => this with { Steps = steps };

    /// <summary>The same sampler with another <see cref="Spacing"/>.</summary>
    /// <param name="spacing">Leading or trailing.</param>
    public DdimInverseScheduler WithSpacing(TimestepSpacing spacing) => this with { Spacing = spacing };

    /// <summary>The same sampler with another <see cref="StepsOffset"/>.</summary>
    /// <param name="stepsOffset">At least 0.</param>
    public DdimInverseScheduler WithStepsOffset(int stepsOffset) => this with { StepsOffset = stepsOffset };

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">What keeps x̂_0 in range; dynamic thresholding is not known here.</param>
    public DdimInverseScheduler WithClamp(Clamp clamp) => this with { Clamp = clamp };

    /// <summary>The same sampler with another <see cref="SetAlphaToOne"/>.</summary>
    /// <param name="setAlphaToOne">Whether the clean end has ᾱ = 1.</param>
    public DdimInverseScheduler WithSetAlphaToOne(bool setAlphaToOne) => this with { SetAlphaToOne = setAlphaToOne };

    /// <inheritdoc/>
    public override string ShortName => "DdimInverse" + Text.Of(Steps);

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
        if (Spacing == TimestepSpacing.Linspace)
        {
            findings.Add(Rules.UnknownWord.Found("timestep_spacing", Names.Of(TimestepSpacing.Linspace), "leading, trailing for DDIM inversion"));
        }

        return findings;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Timesteps(NoiseSchedule noise) =>
        Dsl.Timesteps.Descending(Spacing ?? TimestepSpacing.Leading, noise.TrainTimesteps, Steps, StepsOffset ?? 0).Reverse().ToArray();

    /// <inheritdoc/>
    public override StepTable Derive(NoiseSchedule noise, PredictionType prediction)
    {
        var curve = noise.Curve();
        var clean = SetAlphaToOne ?? true ? 1 : curve.AlphaBar(0);
        var stride = noise.TrainTimesteps / Steps;
        return new StepTable(Timesteps(noise).Select(t =>
        {
            var start = Min(t - stride, noise.TrainTimesteps - 1);
            return Row(start, t, start >= 0 ? curve.AlphaBar(start) : clean, curve.AlphaBar(t), prediction);
        }));
    }

    private Step Row(int start, int timestep, double alphaBar, double nextAlphaBar, PredictionType prediction)
    {
        var basis = Basis(prediction, alphaBar);
        var direction = Sqrt(1 - nextAlphaBar);
        return Step.Of(
            start,
            timestep,
            EvaluateOp.Single(timestep),
            new ConvertOp(basis.P, basis.Q),
            Clamp is RangeClamp ? new ClampOp(Clamp) : null,
            AffineOp.Of(
                Register.X,
                new Term(Register.X0, Sqrt(nextAlphaBar)),
                new Term(Register.X, direction * basis.R),
                new Term(Register.M, direction * basis.S)));
    }

    /// <summary>At the clean end (ᾱ = 1) a network that predicts x_0 leaves ε undefined; the limit of no noise is taken.</summary>
    private static PredictionBasis Basis(PredictionType prediction, double alphaBar) =>
        prediction == PredictionType.Sample && alphaBar >= 1 ? new PredictionBasis(0, 1, 0, 0) : PredictionBasis.Of(prediction, alphaBar);

    /// <summary>The canonical text: <c>DdimInverse(50)</c>; options that have diffusers' default are left out.</summary>
    public override string ToString() => new Signature("DdimInverse")
        .Argument(Steps)
        .Option("spacing", Spacing, TimestepSpacing.Leading)
        .Option("stepsOffset", StepsOffset, 0)
        .Option("clamp", Clamp, Clamp.Range())
        .Option("setAlphaToOne", SetAlphaToOne, true)
        .ToString();
}
