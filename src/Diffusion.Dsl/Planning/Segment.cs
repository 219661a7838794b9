using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>A run of steps of the same shape: the same operations on the same registers, with other numbers.</summary>
/// <param name="First">The index of the first step.</param>
/// <param name="Steps">The steps.</param>
public sealed record Segment(int First, EquatableArray<Step> Steps)
{
    /// <summary>The label of the run: <c>t = 975 → clean</c>.</summary>
    public string Label => (Steps[0] with { To = Steps[Steps.Count - 1].To }).Label;

    /// <summary>The plan cut into runs, as long as possible.</summary>
    /// <param name="plan">The plan.</param>
    public static IReadOnlyList<Segment> Of(PipelinePlan plan)
    {
        var segments = new List<Segment>();
        for (var i = 0; i < plan.Steps.Count;)
        {
            var shape = Shape.Of(plan.Steps[i]);
            var run = plan.Steps.Skip(i).TakeWhile(step => Shape.Of(step) == shape).ToEquatableArray();
            segments.Add(new Segment(i, run));
            i += run.Count;
        }

        return segments;
    }
}
