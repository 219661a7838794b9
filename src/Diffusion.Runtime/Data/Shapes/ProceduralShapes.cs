using System;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>
/// An endless data set of scenes with captions, 64 x 64 RGB: shapes in colours, sizes and textures, at places or in relations, on plain or graded backgrounds.
/// Sample i is a pure function of the seed and i.
/// </summary>
/// <remarks>Of the 88 pairs of colour and shape 11 are held out of training (<see cref="ScenePalette.HeldOut"/>), to see whether a model has learnt colours and shapes or pairs.</remarks>
/// <param name="Seed">Two seeds give two independent data sets.</param>
/// <param name="Split">Which pairs of colour and shape it has.</param>
public sealed record ProceduralShapes(long Seed, SceneSplit Split = SceneSplit.Training)
{
    /// <summary>The share of scenes with two objects, 0 to 1.</summary>
    public double Pairs { get; init; } = 0.45;

    /// <summary>The same with another share of scenes with two objects.</summary>
    /// <param name="pairs">0 to 1.</param>
    public ProceduralShapes WithPairs(double pairs) => this with { Pairs = pairs };

    /// <summary>One sample.</summary>
    /// <param name="index">0, 1, 2, … without end.</param>
    /// <exception cref="DiffusionException">DIF0456: index is negative.</exception>
    public ShapeSample Sample(long index)
    {
        if (index < 0)
            throw Rules.DataRange.Error("index", index, "0 or more");

        var random = new SampleRandom(Seed, index);
        var scene = random.Chance(Pairs) ? SceneLayout.Pair(random, Split) : SceneLayout.Single(random, Split);
        var request = SceneRequest.Of(scene).Shortened(random);
        return new ShapeSample(scene, request, SceneWording.Write(request, random));
    }
}
