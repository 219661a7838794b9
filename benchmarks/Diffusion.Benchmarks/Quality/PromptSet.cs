using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Data.Shapes;

namespace Diffusion.Benchmarks.Quality;

/// <summary>Prompts with what they ask for, and true pictures of them.</summary>
/// <param name="Name">Such as <c>held in</c>.</param>
/// <param name="Samples">Scenes that training never saw: of another seed.</param>
internal sealed record PromptSet(string Name, IReadOnlyList<ShapeSample> Samples)
{
    public static PromptSet HeldIn(int count) => Of("held in", SceneSplit.Training, 1001, count);

    public static PromptSet HeldOut(int count) => Of("held out", SceneSplit.HeldOut, 1002, count);

    public IEnumerable<string> Prompts => Samples.Select(sample => sample.Caption);

    private static PromptSet Of(string name, SceneSplit split, long seed, int count)
    {
        var scenes = new ProceduralShapes(seed, split);
        return new PromptSet(name, [.. Enumerable.Range(0, count).Select(i => scenes.Sample(i))]);
    }
}
