using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;

namespace Diffusion.Tests.Samplers;

/// <summary>The deterministic settings of every sampler whose order of convergence is measured: found by their With… methods.</summary>
internal static class OrderCases
{
    private const double Noisiest = 8;
    private const double Cleanest = 0.12;

    // So many that samplers of training timesteps have a smooth grid.
    private const int TrainTimesteps = 64000;

    /// <summary>Samplers that do not follow the probability flow in any setting, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Exempt = new Dictionary<string, string>
    {
        ["Ddpm"] = "ancestral: it draws from the posterior, in law of first order",
        ["EulerAncestral"] = "ancestral: a step goes below its level and noise brings it back",
        ["Dpm2Ancestral"] = "ancestral: a step goes below its level and noise brings it back",
        ["DpmSolverSde"] = "ancestral: with s_noise 0 the noise is missing, which is not the flow",
        ["UnClip"] = "ancestral: it draws from the posterior, in law of first order",
        ["Lcm"] = "jumps to the clean sample, for networks that are distilled for it",
        ["Tcd"] = "jumps towards the clean sample, for networks that are distilled for it",
        ["ConsistencyModel"] = "jumps to the clean sample, for networks that are distilled for it",
    };

    // Each is set to all of its values, together with all of the kinds below.
    private static readonly Dictionary<string, object[]> Orders = new()
    {
        ["WithSolverOrder"] = [1, 2, 3],
        ["WithOrder"] = [1, 2, 3, 4],
        ["WithPredictorOrder"] = [1, 2, 3],
    };

    // Options that choose among methods; all others keep their default.
    private static readonly string[] Kinds = ["WithAlgorithm", "WithSolverType", "WithPredictX0", "WithCorrectorOrder", "WithSkipPrkSteps"];

    // What takes the noise, and what is no part of the method, off.
    private static readonly (string With, object Value)[] Plain = [("WithEta", 0.0), ("WithSChurn", 0.0), ("WithTau", 0.0), ("WithClamp", Clamp.None)];

    /// <summary>The settings of a sampler, its number of steps open.</summary>
    public static IReadOnlyList<Scheduler> Settings(Scheduler sampler)
    {
        var plain = Plain.Aggregate(sampler, (said, option) => With(said, option.With, option.Value));
        var orders = Orders.Aggregate<KeyValuePair<string, object[]>, IEnumerable<Scheduler>>(
            [plain],
            (settings, option) => settings.SelectMany(setting => Method(setting, option.Key) is null ? [setting] : option.Value.Select(value => With(setting, option.Key, value))));
        return (from setting in orders
                from kind in Kinds.SelectMany(kind => Values(setting, kind).Select(value => With(setting, kind, value))).Prepend(setting)
                where IsMeasured(kind)
                select kind).DistinctBy(setting => Planner.Plan(Spec(setting, 16)).Steps).ToArray();
    }

    /// <summary>The rows of a setting with n steps on a smooth grid that gets finer with n everywhere.</summary>
    public static PipelineSpec Spec(Scheduler setting, int steps)
    {
        // Flows count noise by σ/(α + σ).
        var ladder = Enumerable.Range(0, steps + 1).Select(i => Karras((double)i / steps)).Select(ratio => setting.OwnPrediction == PredictionType.Flow ? ratio / (1 + ratio) : ratio).ToArray();
        var sampler = TakesSigmas(setting)
            ? With(setting, "WithCustomSigmas", ladder)
            : new (string With, object Value)[] { ("WithSteps", steps), ("WithSigmaMax", Noisiest), ("WithSigmaMin", Cleanest) }.Aggregate(setting, (said, option) => With(said, option.With, option.Value));
        var resolved = sampler.Resolve(SchedulerConfig.Default with { Noise = Noise(setting) });
        return new(resolved, Noise(setting), Prediction(resolved, Noise(setting)), HasText: false, default);
    }

    private static bool IsMeasured(Scheduler setting) =>
        !setting.IsStochastic && Enum.GetValues<PredictionType>().Any(prediction => IsValid(setting, NoiseSchedule.Linear, prediction));

    // For other networks PNDM combines outputs that mean different things (see its remarks); most samplers do not mind.
    private static PredictionType Prediction(Scheduler sampler, NoiseSchedule noise) =>
        new[] { PredictionType.Epsilon, PredictionType.VPrediction, PredictionType.Flow, PredictionType.Sample }.First(prediction => IsValid(sampler, noise, prediction));

    private static bool IsValid(Scheduler sampler, NoiseSchedule noise, PredictionType prediction) =>
        !sampler.Resolve(SchedulerConfig.Default).Check(noise, prediction).Any(finding => finding.Rule.Severity == RuleSeverity.Error);

    private static NoiseSchedule Noise(Scheduler setting) => TakesSigmas(setting)
        ? NoiseSchedule.Linear.WithTrainTimesteps(2000)
        : NoiseSchedule.Linear with { BetaStart = 0.1 / TrainTimesteps, BetaEnd = 20.0 / TrainTimesteps, TrainTimesteps = TrainTimesteps };

    private static bool TakesSigmas(Scheduler setting) => Method(setting, "WithCustomSigmas") is not null;

    private static double Karras(double u) => Math.Pow(Math.Pow(Noisiest, 1 / 7.0) + (u * (Math.Pow(Cleanest, 1 / 7.0) - Math.Pow(Noisiest, 1 / 7.0))), 7);

    private static MethodInfo? Method(Scheduler sampler, string name) => sampler.GetType().GetMethod(name);

    private static Scheduler With(Scheduler sampler, string name, object value) => Method(sampler, name) is { } method ? (Scheduler)method.Invoke(sampler, [value])! : sampler;

    private static IEnumerable<object> Values(Scheduler sampler, string name)
    {
        if (Method(sampler, name) is not { } method)
        {
            return [];
        }

        var type = method.GetParameters()[0].ParameterType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? type.GetEnumValues().Cast<object>() : type == typeof(bool) ? [true, false] : [1, 2, 3];
    }
}
