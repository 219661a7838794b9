using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Generators.Reading;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Diagnostics;

/// <summary>Tells which expression of a chain a finding is about.</summary>
/// <param name="call">The call of Compile(), for findings that are about the whole.</param>
/// <param name="trace">Where the parts of the pipeline come from.</param>
internal sealed class FindingPlaces(IOperation call, Trace trace)
{
    // The part of the pipeline, and the factory's parameter, that a rule is about. Rules on guiders and sizes find theirs themselves.
    private static readonly Dictionary<Rule, (string Part, string? Parameter)> Known = new()
    {
        [Rules.StepsOutOfRange] = (nameof(Pipeline.Sampler), "steps"),
        [Rules.EtaOutOfRange] = (nameof(Pipeline.Sampler), "eta"),
        [Rules.BetasOutOfRange] = (nameof(Pipeline.NoiseSchedule), null),
        [Rules.TrainTimestepsOutOfRange] = (nameof(Pipeline.NoiseSchedule), "trainTimesteps"),
        [Rules.ClampOutOfRange] = (nameof(Pipeline.Sampler), "clamp"),
        [Rules.OffsetOutOfRange] = (nameof(Pipeline.Sampler), "stepsOffset"),
        [Rules.CustomTimestepsInvalid] = (nameof(Pipeline.Sampler), "timesteps"),
        [Rules.PredictionMismatch] = (nameof(Pipeline.PredictionType), null),
        [Rules.ZeroSnrNeedsVPrediction] = (nameof(Pipeline.Sampler), null),
        [Rules.LearnedVarianceNeedsChannels] = (nameof(Pipeline.Sampler), "variance"),
        [Rules.SigmaScheduleOutOfRange] = (nameof(Pipeline.Sampler), "sigmas"),
        [Rules.CustomSigmasInvalid] = (nameof(Pipeline.Sampler), "sigmas"),
        [Rules.StartOutOfRange] = (nameof(Pipeline.StartStep), null),
        [Rules.StrengthOutOfRange] = (nameof(Pipeline.ImageStrength), null),
        [Rules.StepsNotKept] = (nameof(Pipeline.KeepsSteps), null),
        [Rules.PredictionNotSupported] = (nameof(Pipeline.Sampler), null),
        [Rules.NegativeHasNoEffect] = (nameof(Pipeline.NegativePrompt), null),
        [Rules.TextWidthMismatch] = (nameof(Pipeline.TextModel), null),
        [Rules.LatentChannelsMismatch] = (nameof(Pipeline.UnetModel), null),
        [Rules.UnetNeedsText] = (nameof(Pipeline.UnetModel), null),
        [Rules.VaeMemoryHasNoEffect] = (nameof(Pipeline.VaeMemory), null),
        [Rules.UnetTakesNoText] = (nameof(Pipeline.TextModel), null),
        [Rules.UnetReadsMore] = (nameof(Pipeline.UnetModel), null),
        [Rules.LatentOutputMismatch] = (nameof(Pipeline.UnetModel), null),
        [Rules.VaeMissing] = (nameof(Pipeline.UnetModel), null),
        [Rules.SamplerOfOtherModels] = (nameof(Pipeline.Sampler), null),
    };

    // Rules whose sentences begin with the guider they are about.
    private static readonly HashSet<Rule> Named =
        [Rules.GuiderTwice, Rules.GuiderModelAbsent, Rules.GuiderOptionOutOfRange, Rules.ZeroPredictionMeaningless, Rules.GuiderNotForSampler, Rules.WorseDoesNotFit, Rules.GradientThroughGuider];

    /// <summary>Where to show a finding of <paramref name="pipeline"/>: the argument, else the value, else the stage, else the call.</summary>
    public Location Of(Finding finding, Pipeline pipeline)
    {
        if (Guider(finding, pipeline) is { } guider)
        {
            return Near(trace.Origin(guider)) ?? Near(trace.Stage(pipeline, nameof(Pipeline.Guiders))) ?? Locations.Of(call);
        }

        var (part, parameter) = Known.TryGetValue(finding.Rule, out var known) ? known : finding switch
        {
            { Rule: var rule } when rule == Rules.SizeNotDivisible && finding.Arguments[0] == "the tile size" => (nameof(Pipeline.VaeMemory), "tileSize"),
            { Rule: var rule } when rule == Rules.SizeNotDivisible || rule == Rules.SizeOutOfRange => finding.Arguments[0] == "height" ? (nameof(Pipeline.Height), "height") : (nameof(Pipeline.Width), "width"),
            { Rule: var rule } when rule == Rules.OptionOutOfRange || rule == Rules.OptionsExclude => (nameof(Pipeline.Sampler), Parameter(finding.Arguments[0])),
            { Rule: var rule } when rule == Rules.PartMissing => (finding.Arguments[3] switch { "vae" => nameof(Pipeline.VaeModel), "unet" => nameof(Pipeline.UnetModel), _ => nameof(Pipeline.TextModel) }, null),
            _ => ("", null),
        };
        var (origin, stage) = (trace.Origin(typeof(Pipeline).GetProperty(part)?.GetValue(pipeline)), trace.Stage(pipeline, part));
        return (parameter is null ? Near(stage) : Near(Arguments.Find(origin, parameter) ?? Arguments.Find(stage, parameter)) ?? Near(origin) ?? Near(stage)) ?? Locations.Of(call);
    }

    /// <summary>The place of an expression if it is in the file of the call: an editor shows no live diagnostics elsewhere.</summary>
    private Location? Near(IOperation? operation) => operation?.Syntax.SyntaxTree == call.Syntax.SyntaxTree ? Locations.Of(operation) : null;

    /// <summary>The parameter of an option: s_churn is sChurn, <c>clamp: range(1)</c> is clamp.</summary>
    private static string Parameter(string option) => option.Split(':', ' ')[0].Replace("_", "");

    private static Guider? Guider(Finding finding, Pipeline pipeline) => finding.Rule switch
    {
        var rule when rule == Rules.CfgNeedsText || rule == Rules.CfgNeedsNullClass => pipeline.Guiders.FirstOrDefault(guider => guider.Name == finding.Arguments[0]),
        var rule when rule == Rules.GuidersExclude => pipeline.Guiders.LastOrDefault(guider => guider.Name == finding.Arguments[1]),
        var rule when Named.Contains(rule) => pipeline.Guiders.LastOrDefault(guider => guider.Name == finding.Arguments[0]),
        var rule when rule == Rules.NotYetCompiled => pipeline.Guiders.FirstOrDefault(guider => finding.Arguments[0].EndsWith(" " + guider.Name, System.StringComparison.Ordinal)),
        _ => pipeline.Guiders.FirstOrDefault(guider => guider.Check().Contains(finding)),
    };
}
