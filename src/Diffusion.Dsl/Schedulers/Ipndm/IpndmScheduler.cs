using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>
/// iPNDM, the linear multistep method of PNDM (Liu, Ren, Lin and Zhao 2022, arXiv:2202.09778) warmed up with lower orders (Zhang and Chen 2022,
/// arXiv:2204.13902, section 4), for networks on continuous time that predict v.
/// </summary>
/// <remarks>
/// <para>
/// x = α x_0 + σ ε with σ_i = sin²(π/2 (1 − i/n)), α_i = √(1 − σ_i²), σ_n = 0; the network is told t_i = 2/π atan2(σ_i, α_i) in [0, 1]. The checkpoint's noise
/// schedule is not read, but for betas given one by one: these are taken for σ_i, the last of which is where the last step ends.
/// </para>
/// <para>ε_i = σ_i x + α_i m, as m is v = α ε − σ x_0.</para>
/// <para>ε′ = Σ_j w_j ε_{i−j} with Adams-Bashforth weights of order min(4, i + 1) (2202.09778, Eq. 12)</para>
/// <para>Eq. (11): x_{i+1} = α_{i+1} (x − σ_i ε′)/α_i + σ_{i+1} ε′; at α_i = 0 nothing is known of x_0, which counts as 0.</para>
/// <para>
/// As in diffusers σ and α are kept in float32, for α is ill-conditioned near σ = 1. Parity target: diffusers <c>IPNDMScheduler</c>.
/// </para>
/// </remarks>
public sealed record IpndmScheduler : Scheduler<IpndmScheduler>
{
    private const int MaxOrder = 4;

    /// <inheritdoc/>
    public override string Name => "Ipndm";

    /// <inheritdoc/>
    public override string DiffusersClass => "IPNDMScheduler";

    /// <inheritdoc/>
    /// <remarks>The Adams-Bashforth weights of order 4 are for a variable in which the flow is linear but for ε; as a method for the flow it measures as 2.</remarks>
    public override int Order => 2;

    /// <inheritdoc/>
    public override int HistoryLength => MaxOrder - 1;

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.Only("num_train_timesteps", "trained_betas");

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<IpndmScheduler>> Options => [];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction)
    {
        foreach (var finding in SpacedChecks.Steps(noise, Steps ?? noise.TrainTimesteps))
        {
            yield return finding;
        }

        // A checkpoint that says nothing counts as ε-prediction.
        if (prediction is not PredictionType.VPrediction and not PredictionType.Epsilon)
        {
            yield return Rules.PredictionNotSupported.Found(Names.Of(prediction), Name, Names.Of(PredictionType.VPrediction));
        }
    }

    /// <inheritdoc/>
    /// <remarks>σ = sin(π t/2), α = cos(π t/2).</remarks>
    public override NoiseLevel LevelAt(NoiseSchedule noise, double timestep) => new(Cos(PI / 2 * timestep), Sin(PI / 2 * timestep));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var levels = Levels(derivation.Noise);
        return derivation.Table(levels.Length - 1, i => Row(i, i - derivation.Start + 1, levels));
    }

    private static Step Row(int i, int known, NoiseLevel[] levels)
    {
        var (level, next) = (levels[i], levels[i + 1]);
        var basis = PredictionBasis.Of(PredictionType.VPrediction, level);
        return Step.Of(
            Time(level),
            i + 2 == levels.Length ? -1 : Time(next),
            next,
            EvaluateOp.Single(Time(level), level),
            new ConvertOp(basis.P, basis.Q),
            new ShiftOp(MaxOrder),
            AffineOp.Of(Register.History(1), new Term(Register.X, level.Sigma), new Term(Register.M, level.Alpha)),
            Update(level, next, AdamsBashforth.Weights(Min(MaxOrder, known))));
    }

    private static AffineOp Update(NoiseLevel from, NoiseLevel to, double[] weights)
    {
        var scale = from.Alpha == 0 ? 0 : to.Alpha / from.Alpha;
        return AffineOp.Of(
            Register.X,
            [new Term(Register.X, scale), .. weights.Select((weight, age) => new Term(Register.History(age + 1), weight * (to.Sigma - (scale * from.Sigma))))]);
    }

    private static double Time(NoiseLevel level) => (float)(Atan2(level.Sigma, level.Alpha) / PI * 2);

    private NoiseLevel[] Levels(NoiseSchedule noise)
    {
        var steps = Steps ?? noise.TrainTimesteps;
        var sigmas = noise.TrainedBetas.IsEmpty
            ? Enumerable.Range(0, steps + 1).Select(i => Sigma(1 - (i / (double)steps)))
            : noise.TrainedBetas.Select(beta => (float)beta);
        return sigmas.Select(sigma => new NoiseLevel((float)Sqrt(1f - (sigma * sigma)), sigma)).ToArray();
    }

    private static float Sigma(double time)
    {
        var sine = (float)Sin((float)((float)time * (float)PI / 2));
        return sine * sine;
    }
}
