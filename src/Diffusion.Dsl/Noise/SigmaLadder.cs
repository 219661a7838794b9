using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The noise levels that a sampler visits, the noisiest first, and what the network is told at each.</summary>
/// <param name="Sigmas">σ_0 > σ_1 > … > σ_n, one more than there are steps; the last is where the last step ends.</param>
/// <param name="Timesteps">t of σ_0 … σ_{n−1}; between training timesteps where the levels are.</param>
public sealed record SigmaLadder(EquatableArray<double> Sigmas, EquatableArray<double> Timesteps)
{
    /// <summary>The number of steps.</summary>
    public int Count => Timesteps.Count;

    /// <summary>The timestep where a step ends: −1 for the clean sample.</summary>
    /// <param name="step">The step, from 0.</param>
    internal double TimestepAfter(int step) => Sigmas[step + 1] == 0 ? -1 : step + 1 < Count ? Timesteps[step + 1] : 0;

    /// <summary>The ladder of the Euler family: timesteps may lie between training timesteps, σ is interpolated.</summary>
    /// <param name="noise">The model's noise.</param>
    /// <param name="grid">How timesteps and levels are chosen.</param>
    /// <remarks>Parity target: <c>set_timesteps</c> of diffusers' EulerDiscreteScheduler.</remarks>
    internal static SigmaLadder Discrete(ModelNoise noise, LadderGrid grid)
    {
        if (!grid.CustomSigmas.IsEmpty)
        {
            return Custom(grid.CustomSigmas, noise.TimestepOf);
        }

        // float32, as numpy's linspace and arange are cast.
        var timesteps = grid.CustomTimesteps.IsEmpty ? Spaced(grid) : grid.CustomTimesteps.Select(t => (double)t).ToArray();
        var sigmas = grid.Interpolation == InterpolationType.LogLinear
            ? SigmaSchedule.Exponential.Between(noise.Largest, noise.Smallest, grid.Steps + 1)!.ToArray()
            : timesteps.Select(noise.At).ToArray();
        if (grid.Sigmas.Between(grid.SigmaMax ?? sigmas[0], grid.SigmaMin ?? sigmas[sigmas.Length - 1], grid.Steps) is { } spread)
        {
            (sigmas, timesteps) = (spread.ToArray(), spread.Select(noise.TimestepOf).ToArray());
        }

        return new(Rounded(sigmas.Append(Last(noise, grid)).Take(timesteps.Length + 1)), timesteps.ToEquatableArray());
    }

    /// <summary>The ladder of the DPM-Solver family: n + 1 whole timesteps, the last of which is left out; the level beyond it is <see cref="LadderGrid.Final"/>.</summary>
    /// <param name="noise">The model's noise.</param>
    /// <param name="grid">How timesteps and levels are chosen.</param>
    /// <param name="trainTimesteps">T.</param>
    /// <remarks>Parity target: <c>set_timesteps</c> of diffusers' DPMSolverMultistepScheduler.</remarks>
    internal static SigmaLadder Solver(ModelNoise noise, LadderGrid grid, int trainTimesteps)
    {
        if (!grid.CustomSigmas.IsEmpty)
        {
            return Custom(grid.CustomSigmas, noise.TimestepOf);
        }

        if (grid.CustomTimesteps.IsEmpty && grid.Sigmas.Between(noise.Largest, noise.Smallest, grid.Steps) is { } spread)
        {
            return new(Rounded(spread.Append(Last(noise, grid))), spread.Select(sigma => Math.Round(noise.TimestepOf(sigma))).ToEquatableArray());
        }

        var last = trainTimesteps - noise.CountBelow(grid.LambdaMin);
        var timesteps = !grid.CustomTimesteps.IsEmpty ? grid.CustomTimesteps : (grid.Spacing switch
        {
            TimestepSpacing.Linspace => Spread.Even(0, last - 1, grid.Steps + 1).Select(t => (int)Math.Round(t)).Reverse().Take(grid.Steps),
            TimestepSpacing.Leading => Enumerable.Range(0, grid.Steps).Select(i => ((grid.Steps - i) * (last / (grid.Steps + 1))) + grid.Offset),
            _ => Dsl.Timesteps.Trailing(last, trainTimesteps / (double)grid.Steps),
        }).ToEquatableArray();
        return new(Rounded(timesteps.Select(t => noise.At(t)).Append(Last(noise, grid))), timesteps.Select(t => (double)t).ToEquatableArray());
    }

    /// <summary>diffusers keeps levels in float32; that two are equal, or not, depends on it.</summary>
    private static EquatableArray<double> Rounded(IEnumerable<double> sigmas) => sigmas.Select(sigma => (double)(float)sigma).ToEquatableArray();

    private static SigmaLadder Custom(EquatableArray<double> sigmas, Func<double, double> timestepOf) =>
        new(sigmas, sigmas.Take(sigmas.Count - 1).Select(timestepOf).ToEquatableArray());

    private static double[] Spaced(LadderGrid grid) => grid.Spacing == TimestepSpacing.Linspace
        ? Spread.Even(0, grid.TrainTimesteps - 1, grid.Steps).Reverse().Select(t => (double)(float)t).ToArray()
        : Dsl.Timesteps.Descending(grid.Spacing, grid.TrainTimesteps, grid.Steps, grid.Offset).Select(t => (double)t).ToArray();

    private static double Last(ModelNoise noise, LadderGrid grid) => grid.Final == FinalSigma.Zero ? 0 : noise.Smallest;
}
