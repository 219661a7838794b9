using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Diffusion.Runtime;
using Diffusion.Runtime.Data.Shapes;

namespace Diffusion.Benchmarks.Quality;

/// <summary>The share of pictures that show what was asked for, thing by thing, by the analytic judge.</summary>
/// <param name="Singles">Pictures of one object.</param>
/// <param name="Pairs">Pictures of two.</param>
internal sealed record Shares(IReadOnlyList<(ShapeSample Sample, SceneVerdict Verdict)> Singles, IReadOnlyList<(ShapeSample Sample, SceneVerdict Verdict)> Pairs)
{
    public static Shares Of(IReadOnlyList<ShapeSample> samples, IReadOnlyList<Image> pictures)
    {
        var judged = samples.Zip(pictures, (sample, picture) => (Sample: sample, Verdict: SceneJudge.Judge(sample.Request, picture))).ToArray();
        return new Shares([.. judged.Where(entry => entry.Sample.Request.Objects.Count == 1)], [.. judged.Where(entry => entry.Sample.Request.Objects.Count == 2)]);
    }

    /// <summary>One object: its shape, and its colour where one was asked for.</summary>
    public double ShapeAndColor => Share(Singles, verdict => verdict.Shape && verdict.Color);

    /// <summary>Everything that was asked for, of one object or two.</summary>
    public double Everything => Share([.. Singles, .. Pairs], verdict => verdict.All);

    public JsonObject Json() => new()
    {
        ["singles"] = Singles.Count,
        ["shape"] = Share(Singles, verdict => verdict.Shape),
        ["color"] = Share(Singles, verdict => verdict.Color),
        ["shape and color"] = ShapeAndColor,
        ["size"] = Share([.. Singles.Where(entry => entry.Sample.Request.Objects[0].Size is not null)], verdict => verdict.Size),
        ["position"] = Share([.. Singles.Where(entry => entry.Sample.Request.Position is not null)], verdict => verdict.Place),
        ["background"] = Share([.. Singles.Where(entry => entry.Sample.Request.Background is not null)], verdict => verdict.Background),
        ["singles all right"] = Share(Singles, verdict => verdict.All),
        ["pairs"] = Pairs.Count,
        ["two objects"] = Share(Pairs, verdict => verdict.Count),
        ["both shapes and colors"] = Share(Pairs, verdict => verdict.Shape && verdict.Color),
        ["relation"] = Share([.. Pairs.Where(entry => entry.Sample.Request.Relation is not null)], verdict => verdict.Place),
        ["pairs all right"] = Share(Pairs, verdict => verdict.All),
    };

    private static double Share(IReadOnlyCollection<(ShapeSample Sample, SceneVerdict Verdict)> judged, Func<SceneVerdict, bool> right) =>
        judged.Count == 0 ? double.NaN : Math.Round((double)judged.Count(entry => right(entry.Verdict)) / judged.Count, 4);
}
