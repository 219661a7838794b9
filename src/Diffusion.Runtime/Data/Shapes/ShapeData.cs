using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Data.Shapes;

namespace Diffusion.Runtime.Data;

/// <summary>The first samples of <see cref="ProceduralShapes"/> as a captioned data set with an end: nothing to download.</summary>
/// <param name="Shapes">The endless data set.</param>
/// <param name="Count">How many samples, at least 1.</param>
public sealed record ShapeData(ProceduralShapes Shapes, int Count) : IImageData
{
    /// <inheritdoc/>
    public string Name => FormattableString.Invariant($"procedural shapes of seed {Shapes.Seed}, {Shapes.Split}");

    /// <summary>None: scenes have captions.</summary>
    public IReadOnlyList<string> Classes { get; } = [];

    /// <inheritdoc/>
    public ImageSample Read(int index)
    {
        if (index < 0 || index >= Count)
            throw Rules.DataRange.Error("index", index, FormattableString.Invariant($"0 to {Count - 1}"));

        var sample = Shapes.Sample(index);
        return new ImageSample(sample.Draw(), FormattableString.Invariant($"{Name} #{index}"), Caption: sample.Caption);
    }

    /// <summary>As many samples of other scenes.</summary>
    /// <param name="shapes">The endless data set.</param>
    public ShapeData WithShapes(ProceduralShapes shapes) => this with { Shapes = shapes };

    /// <summary>Another number of samples.</summary>
    /// <param name="count">At least 1.</param>
    public ShapeData WithCount(int count) => this with { Count = count };
}
