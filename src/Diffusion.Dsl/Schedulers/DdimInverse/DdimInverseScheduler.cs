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
public sealed record DdimInverseScheduler : SpacedScheduler<DdimInverseScheduler>
{
    private static readonly SchedulerOption<DdimInverseScheduler>[] OptionList =
    [
        .. SpacedOptions(TimestepSpacing.Leading),
        SchedulerOption<DdimInverseScheduler>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.Range(), thresholds: false),
        SchedulerOption<DdimInverseScheduler>.Flag("setAlphaToOne", "set_alpha_to_one", sampler => sampler.SetAlphaToOne, (sampler, one) => sampler.WithSetAlphaToOne(one), true),
        SchedulerOption<DdimInverseScheduler>.Argument("skipsEnds", sampler => sampler.SkipsEnds, (sampler, value) => sampler.WithSkipsEnds(value), false),
    ];

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>Whether the clean end has ᾱ = 1 (true) or ᾱ_0 (false); null: as the checkpoint says, else true.</summary>
    public bool? SetAlphaToOne { get; init; }

    /// <summary>Whether the first and the last step are left out, as the course's loop does (unit 4, notebook 1): 48 latents for 50 steps.</summary>
    public bool SkipsEnds { get; init; }

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">What keeps x̂_0 in range; dynamic thresholding is not known here.</param>
    public DdimInverseScheduler WithClamp(Clamp clamp) => this with { Clamp = clamp };

    /// <summary>The same sampler with another <see cref="SetAlphaToOne"/>.</summary>
    /// <param name="setAlphaToOne">Whether the clean end has ᾱ = 1.</param>
    public DdimInverseScheduler WithSetAlphaToOne(bool setAlphaToOne) => this with { SetAlphaToOne = setAlphaToOne };

    /// <summary>The same sampler with or without its first and last step.</summary>
    /// <param name="skipsEnds">Whether both are left out.</param>
    public DdimInverseScheduler WithSkipsEnds(bool skipsEnds) => this with { SkipsEnds = skipsEnds };

    /// <summary>The same sampler without its first and last step, as in the course: what comes out is not yet the noise of the last timestep.</summary>
    public DdimInverseScheduler AsInCourse() => WithSkipsEnds(true);

    /// <inheritdoc/>
    public override string Name => "DdimInverse";

    /// <inheritdoc/>
    public override string DiffusersClass => "DDIMInverseScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<DdimInverseScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        var findings = SpacedChecks.Clamping(Clamp);
        if (SkipsEnds && Steps is < 3)
        {
            findings = findings.Append(Rules.OptionOutOfRange.Found("steps", "DdimInverse without its ends", Steps, "at least 3", 50));
        }

        return Spacing == TimestepSpacing.Linspace
            ? findings.Append(Rules.UnknownWord.Found("timestep_spacing", Names.Of(TimestepSpacing.Linspace), "leading, trailing for DDIM inversion"))
            : findings;
    }

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var curve = derivation.Curve;
        var clean = SetAlphaToOne ?? true ? 1 : curve.AlphaBar(0);
        var timesteps = Spaced(derivation.Noise).Reverse().ToArray();
        var stride = Stride(derivation.Noise);
        var first = SkipsEnds ? 1 : 0;
        return derivation.Table(timesteps.Length - (2 * first), row =>
        {
            var i = row + first;
            var start = Min(timesteps[i] - stride, derivation.Noise.TrainTimesteps - 1);
            return Row(start, timesteps[i], NoiseLevel.OfAlphaBar(start >= 0 ? curve.AlphaBar(start) : clean), NoiseLevel.OfAlphaBar(curve.AlphaBar(timesteps[i])), derivation.Prediction);
        });
    }

    private Step Row(int start, int timestep, NoiseLevel level, NoiseLevel next, PredictionType prediction)
    {
        // At the clean end (ᾱ = 1) a network that predicts x_0 leaves ε undefined; the limit of no noise is taken.
        var basis = prediction == PredictionType.Sample && level.Sigma == 0 ? new PredictionBasis(0, 1, 0, 0) : PredictionBasis.Of(prediction, level);
        return Step.Of(
            start,
            timestep,
            next,
            EvaluateOp.Single(timestep, level),
            new ConvertOp(basis.P, basis.Q),
            Clamp is RangeClamp ? new ClampOp(Clamp) : null,
            AffineOp.Of(
                Register.X,
                new Term(Register.X0, next.Alpha),
                new Term(Register.X, next.Sigma * basis.R),
                new Term(Register.M, next.Sigma * basis.S)));
    }
}
