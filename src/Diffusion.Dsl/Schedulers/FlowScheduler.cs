using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// A sampler of rectified flows: x = (1 − σ) x_0 + σ ε on a straight path, σ from 1 to 0, along which the network predicts the velocity
/// dx/dσ = ε − x_0 (Liu et al. 2022, arXiv:2209.03003; Esser et al. 2024, arXiv:2403.03206).
/// </summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record FlowScheduler<TSelf> : Scheduler<TSelf>
    where TSelf : FlowScheduler<TSelf>
{
    private protected FlowScheduler()
    {
    }

    /// <summary>How far the levels are shifted to the noisy end, which large images need (arXiv:2403.03206, Eq. 23); null: as the checkpoint says, else 1.</summary>
    public double? Shift { get; init; }

    /// <summary>The same sampler with another <see cref="Shift"/>.</summary>
    /// <param name="shift">Above 0; 1 shifts nothing; null: as the checkpoint says.</param>
    public TSelf WithShift(double? shift) => Self(this with { Shift = shift });

    /// <inheritdoc/>
    public sealed override PredictionType? OwnPrediction => PredictionType.Flow;

    /// <inheritdoc/>
    public sealed override NoiseLevel LevelAt(NoiseSchedule noise, double timestep) => LevelOfEvaluation(noise, timestep);

    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction) =>
        SpacedChecks.Steps(noise, Steps ?? noise.TrainTimesteps)
            .Concat(SpacedChecks.AtLeast("shift", Name, Shift, 1e-3, 1))
            .Concat(CheckOptions());

    /// <summary>The option that every such sampler has.</summary>
    private protected static SchedulerOption<TSelf> ShiftOption() =>
        SchedulerOption<TSelf>.Number("shift", "shift", sampler => sampler.Shift, (sampler, shift) => sampler.WithShift(shift), 1);

    /// <inheritdoc/>
    internal sealed override ModelKind Kind => ModelKind.Flow;

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.Only("num_train_timesteps") with { Prediction = PredictionType.Flow };

    /// <summary>What is wrong with the sampler's own options.</summary>
    private protected abstract IEnumerable<Finding> CheckOptions();

    /// <summary>A level shifted by <see cref="Shift"/>: s σ/(1 + (s − 1) σ).</summary>
    private protected double Shifted(double sigma)
    {
        var shift = Shift ?? 1;
        return shift * sigma / (1 + ((shift - 1) * sigma));
    }

    /// <summary>n levels evenly spaced from that of training's last timestep, T, to that of its first, 1; as in diffusers these are shifted already.</summary>
    /// <param name="noise">The checkpoint's noise schedule, for T.</param>
    /// <param name="isShifted">Whether the two ends are shifted.</param>
    private protected IReadOnlyList<double> Even(NoiseSchedule noise, bool isShifted)
    {
        var first = 1.0 / noise.TrainTimesteps;
        return Spread.Even((float)(isShifted ? Shifted(1) : 1), (float)(isShifted ? Shifted(first) : first), Steps ?? noise.TrainTimesteps);
    }

    /// <summary>The ladder of the given levels, in float32 as in diffusers, then σ = 0; the network is told T σ.</summary>
    private protected static SigmaLadder Ladder(IEnumerable<double> sigmas, NoiseSchedule noise)
    {
        var levels = sigmas.Select(sigma => (double)(float)sigma).ToArray();
        return new(levels.Append(0).ToEquatableArray(), levels.Select(sigma => sigma * noise.TrainTimesteps).ToEquatableArray());
    }

    /// <summary>α = 1 − σ.</summary>
    private protected static NoiseLevel Level(double sigma) => new(1 - sigma, sigma);
}
