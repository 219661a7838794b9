using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;

namespace Diffusion.Benchmarks.Memory;

/// <summary>Estimates of memory beside what was measured, each stage in a process of its own.</summary>
internal static class MemoryReport
{
    /// <summary>One line of JSON for each stage; the models are made first.</summary>
    /// <param name="only">The stages; empty: all.</param>
    public static IEnumerable<string> Lines(IReadOnlyCollection<string> only)
    {
        using var models = new MediumModels();
        foreach (var stage in MemoryStage.All.Keys.Where(stage => only.Count == 0 || only.Contains(stage)))
        {
            var pipeline = MediumModels.Pipeline(models.Folder);
            if (stage == "decode in tiles")
                pipeline = pipeline.VaeTiling(256);
            var estimate = pipeline.EstimateMemory().Stages.Single(entry => entry.Name == stage.Split(' ')[0]);
            var (all, activations) = InOwnProcess(stage, models.Folder);
            yield return new JsonObject
            {
                ["name"] = "memory: " + stage,
                ["unit"] = "MiB",
                ["estimated"] = Mebibytes(estimate.Weights + estimate.Activations),
                ["measured"] = Mebibytes(all),
                ["ratio"] = Ratio(estimate.Weights + estimate.Activations, all),
                ["estimated activations"] = Mebibytes(estimate.Activations),
                ["measured activations"] = Mebibytes(activations),
                ["activations ratio"] = Ratio(estimate.Activations, activations),
            }.ToJsonString();
        }
    }

    /// <summary>What the process of one stage prints: two numbers.</summary>
    public static string Child(string stage, string folder)
    {
        var (all, activations) = MemoryStage.Measure(stage, folder);
        return string.Create(CultureInfo.InvariantCulture, $"{all} {activations}");
    }

    private static (long All, long Activations) InOwnProcess(string stage, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        var host = System.IO.Path.GetFileNameWithoutExtension(start.FileName) == "dotnet" ? new[] { Environment.GetCommandLineArgs()[0] } : [];
        foreach (var argument in host.Concat(["memory", stage, "--folder", folder]))
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start) ?? throw new InvalidOperationException("the process of a stage did not start");
        var text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        var numbers = child.ExitCode == 0 ? text.Split(' ', StringSplitOptions.TrimEntries) : throw new InvalidOperationException($"the process of the stage {stage} ended with {child.ExitCode}");
        return (long.Parse(numbers[0], CultureInfo.InvariantCulture), long.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static double Mebibytes(long bytes) => double.Round(bytes / (double)(1 << 20), 1);

    private static double Ratio(long estimated, long measured) => double.Round((double)estimated / measured, 3);
}
