namespace Diffusion.Dsl;

/// <summary>One curve of a <see cref="LineChart"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Across">Where the points are.</param>
/// <param name="Upwards">How high they are.</param>
public sealed record LineSeries(string Name, EquatableArray<double> Across, EquatableArray<double> Upwards)
{
    /// <summary>The same under another name.</summary>
    /// <param name="name">Its name in the legend.</param>
    public LineSeries WithName(string name) => this with { Name = name };

    /// <summary>The same at other places.</summary>
    /// <param name="across">Where the points are.</param>
    public LineSeries WithAcross(EquatableArray<double> across) => this with { Across = across };

    /// <summary>The same at other heights.</summary>
    /// <param name="upwards">How high the points are.</param>
    public LineSeries WithUpwards(EquatableArray<double> upwards) => this with { Upwards = upwards };
}
