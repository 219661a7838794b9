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
public sealed record DdimScheduler : SpacedScheduler<DdimScheduler>
{
    private static readonly SchedulerOption<DdimScheduler>[] OptionList =
    [
        SchedulerOption<DdimScheduler>.Argument("eta", sampler => sampler.Eta, (sampler, value) => sampler.WithEta(value), 0.0),
        .. SpacedOptions(TimestepSpacing.Leading),
        SchedulerOption<DdimScheduler>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.Range()),
        SchedulerOption<DdimScheduler>.Flag("setAlphaToOne", "set_alpha_to_one", sampler => sampler.SetAlphaToOne, (sampler, one) => sampler.WithSetAlphaToOne(one), true),
        SchedulerOption<DdimScheduler>.Argument("useClippedModelOutput", sampler => sampler.UseClippedModelOutput, (sampler, value) => sampler.WithUseClippedModelOutput(value), false),
    ];

    /// <summary>η of Eq. (16), in [0, 1]: 0 is deterministic; 1 has the DDPM posterior variance.</summary>
    public double Eta { get; init; }

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>Whether the last step ends at ᾱ = 1 (true) or at ᾱ_0 (false); null: as the checkpoint says, else true.</summary>
    public bool? SetAlphaToOne { get; init; }

    /// <summary>Whether ε̂ is derived again from the clipped x̂_0 (needed with learned guidance, arXiv:2105.05233).</summary>
    public bool UseClippedModelOutput { get; init; }

    /// <summary>The same sampler with another η.</summary>
    /// <param name="eta">In [0, 1].</param>
    public DdimScheduler WithEta(double eta) => this with { Eta = eta };

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
    public override string Name => "Ddim";

    /// <inheritdoc/>
    public override string DiffusersClass => "DDIMScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => Eta > 0;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<DdimScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        var findings = SpacedChecks.Clamping(Clamp);
        return Eta >= 0 && Eta <= 1 ? findings : findings.Append(Rules.EtaOutOfRange.Found(Eta));
    }

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckTable(NoiseSchedule noise, PredictionType prediction) =>
        SpacedChecks.TerminalSnr(noise, prediction, Spaced(noise));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var curve = derivation.Curve;
        var final = SetAlphaToOne ?? true ? 1 : curve.AlphaBar(0);
        var timesteps = Spaced(derivation.Noise);
        var stride = Stride(derivation.Noise);
        return derivation.Table(timesteps.Count, i =>
        {
            var previous = CustomTimesteps.IsEmpty ? timesteps[i] - stride : i + 1 < timesteps.Count ? timesteps[i + 1] : -1;
            return Row(timesteps[i], previous, curve.AlphaBar(timesteps[i]), previous >= 0 ? curve.AlphaBar(previous) : final, derivation);
        });
    }

    private Step Row(int timestep, int previous, double alphaBar, double previousAlphaBar, Derivation derivation)
    {
        var sigma = Eta * Sqrt((1 - previousAlphaBar) / (1 - alphaBar) * (1 - (alphaBar / previousAlphaBar))); // (16)
        var direction = Sqrt(Max(0, 1 - previousAlphaBar - (sigma * sigma)));                                 // (12)
        var level = NoiseLevel.OfAlphaBar(alphaBar);
        var update = UseClippedModelOutput
            ? AffineOp.Of(
                Register.X,
                new Term(Register.X0, Sqrt(previousAlphaBar) - (direction * level.Alpha / level.Sigma)),
                new Term(Register.X, direction / level.Sigma))
            : AffineOp.Of(Register.X, [new Term(Register.X0, Sqrt(previousAlphaBar)), .. derivation.NoiseTerms(level, direction)]);
        return Step.Of(
            timestep,
            previous,
            NoiseLevel.OfAlphaBar(previousAlphaBar),
            [
                EvaluateOp.Single(timestep, level),
                .. derivation.CleanSample(level, Clamp),
                Eta > 0 ? update.WithNoise(sigma) : update,
            ]);
    }
}
