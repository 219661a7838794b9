using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Runtime.Files;

namespace Diffusion.Runtime.Training;

/// <summary>The file <c>metrics.jsonl</c> of a training: one line a step. Lines reach the disk with the checkpoint that they belong to.</summary>
public sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter writer;

    private MetricsLog(StreamWriter writer, List<TrainingMetric> metrics) => (this.writer, Metrics) = (writer, metrics);

    /// <summary>All steps, those before a resumption included.</summary>
    internal List<TrainingMetric> Metrics { get; }

    /// <summary>The steps of a training's folder; empty where it has none.</summary>
    /// <param name="folder">The folder.</param>
    public static IReadOnlyList<TrainingMetric> Read(string folder)
    {
        var path = PathIn(folder);
        return File.Exists(path) ? [.. Whole(path).Select(line => TrainingMetric.Parse(line, path))] : [];
    }

    /// <summary>Frees the file.</summary>
    public void Dispose() => writer.Dispose();

    /// <summary>The log of a training that has made some steps: later lines, of a run that was killed, are removed.</summary>
    internal static MetricsLog Open(string folder, int steps)
    {
        var path = PathIn(folder);
        var kept = Read(folder).Where(metric => metric.Step <= steps).ToList();
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(string.Concat(kept.Select(metric => metric.ToJson() + "\n"))));
        return new MetricsLog(new StreamWriter(path, append: true), kept);
    }

    internal void Add(TrainingMetric metric)
    {
        Metrics.Add(metric);
        writer.Write(metric.ToJson() + "\n");
    }

    internal void Flush() => writer.Flush();

    private static string PathIn(string folder) => Path.Combine(folder, "metrics.jsonl");

    // A killed run may leave half a line at the end.
    private static IEnumerable<string> Whole(string path) => File.ReadAllText(path).Split('\n').SkipLast(1).Where(line => line.Length > 0);
}
