using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>A pipeline as a person reads it: what it was resolved to and who said so, then every step with its noise levels and numbers.</summary>
public static class PipelineExplanation
{
    /// <summary>The definition with its options and their origins, and the step table; for a wrong definition its findings.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="facts">What the models' files say.</param>
    /// <param name="configs">The models' configurations, from which the memory of a run is estimated; null: nothing is said of memory.</param>
    public static string Of(Pipeline pipeline, ModelFacts facts, ModelConfigs? configs = null)
    {
        var text = new StringBuilder().Append(pipeline).Append("\n\n");
        var findings = Validation.Check(pipeline, facts);
        foreach (var finding in findings)
        {
            text.Append(finding).Append('\n');
        }

        if (findings.Any(finding => finding.Rule.Severity == RuleSeverity.Error))
        {
            return text.ToString();
        }

        var spec = Resolution.Spec(pipeline, facts);
        AppendTable(text.Append(findings.IsEmpty ? "" : "\n"), Rows(pipeline, facts, spec).ToArray());
        text.Append(configs is null ? "" : MemoryText.Of(pipeline, configs));
        return text
            .Append("\nσ is noise over signal before and after a step, λ = −log σ before it\n")
            .Append(PlanListing.Of(Planner.Plan(spec), ("σ", step => Short(step.Start.Ratio)), ("→ σ", step => Short(step.Level.Ratio)), ("λ", step => Short(step.Start.Lambda))))
            .ToString();
    }

    private static IEnumerable<string[]> Rows(Pipeline pipeline, ModelFacts facts, PipelineSpec spec)
    {
        var config = (facts.Scheduler ?? SchedulerConfig.Default) with { Noise = spec.Noise, Prediction = spec.Prediction };
        var sampler = spec.Sampler;
        yield return ["sampler", sampler.Name + ", as diffusers' " + sampler.DiffusersClass, Origin(pipeline.Sampler is not null, facts.Scheduler?.ClassName is not null)];
        yield return ["", Kind(sampler), ""];
        yield return ["  steps", Text.Of(sampler.StepCount), Origin(pipeline.Sampler?.StepCount is not null, false)];
        var open = pipeline.Sampler ?? Schedulers.All.First(entry => entry.DiffusersClass == sampler.DiffusersClass).Create(sampler.StepCount ?? config.Noise.TrainTimesteps);
        foreach (var option in open.Explain(config))
        {
            yield return ["  " + option.Name, option.Value, Word(option.Origin)];
        }

        yield return ["noise", spec.Noise.ToString(), Origin(pipeline.NoiseSchedule is not null, facts.Scheduler is not null)];
        yield return ["prediction", Names.Of(spec.Prediction), Origin(pipeline.PredictionType is not null, facts.Scheduler is not null)];
        if (spec.Start > 0)
        {
            yield return ["start", "step " + Text.Of(spec.Start) + (pipeline.KeepsSteps ? ", so that the steps are kept" : ""), Word(OptionOrigin.Definition)];
        }

        if (spec.HasText)
        {
            yield return ["text", pipeline.TextModel!.Source, Word(OptionOrigin.Definition)];
        }

        if (facts.Unet is { Classes: { } classes } unet)
        {
            yield return ["classes", "0 to " + Text.Of(classes - 1) + (unet.NullClass is { } label ? ", and " + Text.Of(label) + " for no label" : ""), Origin(pipeline.UnetModel?.Facts is not null, true)];
        }

        if (pipeline.AttentionSlices is { } slicing)
        {
            yield return ["attention", "heads in slices, " + slicing, Word(OptionOrigin.Definition)];
        }

        if (pipeline.VaeMemory is { } memory)
        {
            var tiles = memory.Tiles ? "tiles of " + (memory.TileSize is { } tile ? Text.Of(tile) + " pixels" : "the training size") + ", overlap " + Text.Of(memory.Overlap) : null;
            yield return ["autoencoder", string.Join(", ", new[] { memory.Slices ? "one picture at a time" : null, tiles }.Where(part => part is not null)), Word(OptionOrigin.Definition)];
        }

        foreach (var guider in pipeline.Guiders)
        {
            yield return ["guidance", guider.ToString()!, Word(OptionOrigin.Definition)];
        }
    }

    private static string Kind(Scheduler sampler) => "order " + Text.Of(sampler.Order)
        + ", " + (sampler.EvaluationsPerStep == 1 ? "one evaluation a step" : Text.Of(sampler.EvaluationsPerStep) + " evaluations a step")
        + (sampler.HistoryLength > 0 ? ", reads " + Text.Of(sampler.HistoryLength) + " earlier" : "")
        + (sampler.IsStochastic ? ", adds noise" : ", deterministic");

    private static string Origin(bool isSaid, bool isRead) => Word(isSaid ? OptionOrigin.Definition : isRead ? OptionOrigin.Checkpoint : OptionOrigin.Default);

    private static string Word(OptionOrigin origin) => origin switch
    {
        OptionOrigin.Definition => "said here",
        OptionOrigin.Checkpoint => "checkpoint",
        _ => "default",
    };

    private static void AppendTable(StringBuilder text, string[][] rows)
    {
        var widths = Enumerable.Range(0, 2).Select(column => rows.Max(row => row[column].Length) + 2).ToArray();
        foreach (var row in rows)
        {
            text.Append((row[0].PadRight(widths[0]) + row[1].PadRight(widths[1]) + row[2]).TrimEnd()).Append('\n');
        }
    }

    private static string Short(double value) => double.IsInfinity(value) ? (value > 0 ? "∞" : "−∞") : value.ToString("G6", CultureInfo.InvariantCulture);
}
