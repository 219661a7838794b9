using System.Collections.Generic;
using System.Linq;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>The timesteps a sampler visits, chosen among the training ones exactly as diffusers' <c>set_timesteps</c> does.</summary>
public static class Timesteps
{
    /// <summary>Timesteps from noisy to clean.</summary>
    /// <param name="spacing">The rule.</param>
    /// <param name="trainTimesteps">T.</param>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="offset">Added to every timestep where <paramref name="spacing"/> is <see cref="TimestepSpacing.Leading"/>.</param>
    public static IReadOnlyList<int> Descending(TimestepSpacing spacing, int trainTimesteps, int steps, int offset) => spacing switch
    {
        TimestepSpacing.Linspace => Enumerable.Range(0, steps).Select(i => Linspaced(trainTimesteps - 1, steps, steps - 1 - i)).ToArray(),
        TimestepSpacing.Leading => Enumerable.Range(0, steps).Select(i => ((steps - 1 - i) * (trainTimesteps / steps)) + offset).ToArray(),
        _ => Trailing(trainTimesteps, trainTimesteps / (double)steps).ToArray(),
    };

    private static int Linspaced(int last, int count, int index) =>
        count == 1 ? 0 : index == count - 1 ? last : Rounded(index * (last / (double)(count - 1)));

    /// <summary>Counts down from <paramref name="last"/> − 1 in strides.</summary>
    internal static IEnumerable<int> Trailing(int last, double stride)
    {
        // numpy's arange(last, 0, -stride): its length is decided in floating point, and diffusers inherits that.
        var count = (int)Ceiling(last / stride);
        return Enumerable.Range(0, count).Select(i => Rounded(last - (i * stride)) - 1);
    }

    /// <summary>Half to even, as numpy rounds.</summary>
    private static int Rounded(double value) => (int)Round(value);
}
