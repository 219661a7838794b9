namespace Diffusion.Dsl;

/// <summary>What a <see cref="SigmaLadder"/> is made from.</summary>
/// <param name="Steps">n, at least 1.</param>
/// <param name="TrainTimesteps">T.</param>
/// <param name="Spacing">How timesteps are chosen among the training ones.</param>
/// <param name="Offset">Added to leading timesteps.</param>
/// <param name="Sigmas">How the levels are spread.</param>
/// <param name="Final">Where the last step ends.</param>
internal sealed record LadderGrid(int Steps, int TrainTimesteps, TimestepSpacing Spacing, int Offset, SigmaSchedule Sigmas, FinalSigma Final)
{
    /// <summary>Timesteps given one by one; empty: chosen by <see cref="Spacing"/>.</summary>
    public EquatableArray<int> CustomTimesteps { get; init; }

    /// <summary>Levels given one by one, where the last step ends included; empty: chosen.</summary>
    public EquatableArray<double> CustomSigmas { get; init; }

    /// <summary>The smallest level of a spread; null: the model's at the last timestep.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>The largest level of a spread; null: the model's at the first timestep.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>How the model's levels are read; log_linear: n + 1 over all of training whatever the timesteps, so that the last step ends at the smallest.</summary>
    public InterpolationType Interpolation { get; init; }

    /// <summary>Timesteps with λ below this are left out; −∞: none.</summary>
    public double LambdaMin { get; init; } = double.NegativeInfinity;
}
