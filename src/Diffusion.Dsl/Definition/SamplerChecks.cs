using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The checks of the sampler against what the checkpoint's scheduler_config.json says.</summary>
internal static class SamplerChecks
{
    // Their sentences start with the option, which the file may have said instead of the definition.
    private static readonly Rule[] OnOptions = [Rules.OptionOutOfRange, Rules.OptionsExclude, Rules.UnknownWord, Rules.ClampOutOfRange, Rules.SigmaScheduleOutOfRange];

    /// <summary>Whether the sampler is for networks as the checkpoint's.</summary>
    public static IEnumerable<Finding> Of(Pipeline pipeline, ModelFacts facts)
    {
        if (pipeline.Sampler is { } sampler && facts.Scheduler is { } config && Kind(config) is { } kind && sampler.Kind != kind)
        {
            var says = kind == ModelKind.Flow && config.Prediction == PredictionType.Flow && config.ClassName is not null && Schedulers.Find(config.ClassName)?.Kind != kind
                ? config.ClassName + " with flow_prediction"
                : config.ClassName ?? Names.Of(config.Prediction);
            yield return Rules.SamplerOfOtherModels.Found(sampler.Name, Word(sampler.Kind), ModelFileNames.OfScheduler(pipeline), says, Word(kind), Example(kind));
        }
    }

    /// <summary>What is wrong with the resolved sampler. What the checkpoint's file said of it is named with the file.</summary>
    public static IEnumerable<Finding> Of(Pipeline pipeline, ModelFacts facts, PipelineSpec spec)
    {
        var findings = spec.Sampler.Check(spec.Noise, spec.Prediction).ToArray();
        if (findings.Length == 0 || facts.Scheduler is not { } config)
        {
            return findings;
        }

        var file = ModelFileNames.OfScheduler(pipeline);
        var without = Resolution.Spec(pipeline, facts with { Scheduler = config with { Source = null } }).Sampler.Check(spec.Noise, spec.Prediction).ToArray();
        return findings.Select(finding => finding switch
        {
            _ when finding.Rule == Rules.PredictionNotSupported && pipeline.PredictionType is null => Said(finding, 0, file),
            _ when finding.Rule == Rules.ZeroSnrNeedsVPrediction && pipeline.PredictionType is null => Said(finding, 1, file),
            _ when OnOptions.Contains(finding.Rule) && !without.Contains(finding) => Said(finding, 0, file),
            _ => finding,
        });
    }

    private static Finding Said(Finding finding, int argument, string? file) =>
        finding with { Arguments = finding.Arguments.Select((value, i) => i == argument ? value + " (see " + file + ")" : value).ToEquatableArray() };

    // A class that is not known may be of any kind.
    private static ModelKind? Kind(SchedulerConfig config) => config.Prediction == PredictionType.Flow ? ModelKind.Flow : Schedulers.Find(config.ClassName)?.Kind;

    private static string Word(ModelKind kind) => kind switch
    {
        ModelKind.Flow => "flow models",
        ModelKind.Edm => "EDM models",
        ModelKind.Consistency => "consistency models",
        _ => "diffusion models",
    };

    private static string Example(ModelKind kind) => kind switch
    {
        ModelKind.Flow => "FlowEuler or FlowHeun",
        ModelKind.Edm => "EdmEuler or EdmDpmSolver",
        ModelKind.Consistency => "ConsistencyModel",
        _ => "Ddim or DpmSolver",
    };
}
