using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// How much noise each training timestep t in [0, <see cref="TrainTimesteps"/>) carries: β_t, and through it
/// ᾱ_t = ∏_{i≤t} (1 − β_i) in q(x_t | x_0) = N(√ᾱ_t x_0, (1 − ᾱ_t) I) (arXiv:2006.11239, Eq. 4).
/// It belongs to a checkpoint, not to a sampler: changing the sampler keeps it.
/// </summary>
/// <param name="Schedule">The shape of β_t; unused where <see cref="TrainedBetas"/> are given.</param>
/// <param name="BetaStart">β_0, in (0, 1).</param>
/// <param name="BetaEnd">β_{T−1}, in (0, 1).</param>
/// <param name="TrainTimesteps">T, the number of training timesteps.</param>
public sealed record NoiseSchedule(
    BetaSchedule Schedule = BetaSchedule.Linear,
    double BetaStart = 0.0001,
    double BetaEnd = 0.02,
    int TrainTimesteps = 1000)
{
    /// <summary>β_t given one by one (diffusers' <c>trained_betas</c>); empty: computed from <see cref="Schedule"/>.</summary>
    public EquatableArray<double> TrainedBetas { get; init; }

    /// <summary>Whether β is rescaled so that ᾱ_{T−1} = 0 (arXiv:2305.08891, algorithm 1; diffusers' <c>rescale_betas_zero_snr</c>).</summary>
    public bool ZeroTerminalSnr { get; init; }

    /// <summary>The schedule of Ho et al. 2020: linear, 1e-4 to 0.02, T = 1000.</summary>
    public static NoiseSchedule Linear { get; } = new();

    /// <summary>The schedule of Stable Diffusion: scaled linear, 0.00085 to 0.012, T = 1000.</summary>
    public static NoiseSchedule StableDiffusion { get; } = new(BetaSchedule.ScaledLinear, 0.00085, 0.012);

    /// <summary>The cosine schedule of Nichol and Dhariwal 2021.</summary>
    public static NoiseSchedule Cosine { get; } = new(BetaSchedule.SquaredCosCapV2);

    /// <summary>A schedule whose β_t are given; T is their number.</summary>
    /// <param name="betas">β_0 … β_{T−1}, each in (0, 1].</param>
    public static NoiseSchedule Given(params double[] betas) => Linear.WithTrainedBetas(betas);

    /// <summary>The same schedule with another <see cref="Schedule"/>.</summary>
    /// <param name="schedule">The shape of β_t.</param>
    public NoiseSchedule WithSchedule(BetaSchedule schedule) => this with { Schedule = schedule };

    /// <summary>The same schedule with another <see cref="BetaStart"/>.</summary>
    /// <param name="betaStart">β_0, in (0, 1).</param>
    public NoiseSchedule WithBetaStart(double betaStart) => this with { BetaStart = betaStart };

    /// <summary>The same schedule with another <see cref="BetaEnd"/>.</summary>
    /// <param name="betaEnd">β_{T−1}, in (0, 1).</param>
    public NoiseSchedule WithBetaEnd(double betaEnd) => this with { BetaEnd = betaEnd };

    /// <summary>The same schedule with another <see cref="TrainTimesteps"/>.</summary>
    /// <param name="trainTimesteps">T, at least 2.</param>
    public NoiseSchedule WithTrainTimesteps(int trainTimesteps) => this with { TrainTimesteps = trainTimesteps };

    /// <summary>The same schedule with β given one by one; T becomes their number.</summary>
    /// <param name="betas">β_0 … β_{T−1}.</param>
    public NoiseSchedule WithTrainedBetas(params double[] betas) => this with { TrainedBetas = betas.ToEquatableArray(), TrainTimesteps = betas.Length };

    /// <summary>The same schedule with <see cref="ZeroTerminalSnr"/> on or off.</summary>
    /// <param name="zeroTerminalSnr">Whether ᾱ_{T−1} is made 0.</param>
    public NoiseSchedule WithZeroTerminalSnr(bool zeroTerminalSnr) => this with { ZeroTerminalSnr = zeroTerminalSnr };

    /// <summary>β_t and ᾱ_t of every training timestep.</summary>
    public NoiseCurve Curve() => NoiseCurve.Of(this);

    /// <summary>The canonical text: <c>linear(0.0001, 0.02, 1000)</c>.</summary>
    public override string ToString()
    {
        var text = TrainedBetas.IsEmpty
            ? Names.Of(Schedule) + "(" + string.Join(", ", Text.Of(BetaStart), Text.Of(BetaEnd), Text.Of(TrainTimesteps)) + ")"
            : "betas(" + string.Join(", ", TrainedBetas.Select(Text.Of)) + ")";
        return ZeroTerminalSnr ? text + " zero-snr" : text;
    }
}
