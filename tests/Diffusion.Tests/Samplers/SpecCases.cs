using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Diffusion.Dsl;

namespace Diffusion.Tests.Samplers;

/// <summary>Every sampler of the registry with its options, every prediction type, every guider: what compilation is tested over.</summary>
internal static class SpecCases
{
    // Enough that no step divides by a level far below the one it starts from: float32 would show in its result.
    private const int Steps = 12;

    /// <summary>Values that options of these words take in the variations, beside those of closed choices and flags, which take all.</summary>
    private static readonly Dictionary<string, object[]> Numbers = new()
    {
        ["WithEta"] = [0.5, 1.0],
        ["WithSChurn"] = [3.0],
        ["WithSNoise"] = [1.003],
        ["WithSolverOrder"] = [1, 2, 3],
        ["WithPredictorOrder"] = [1, 3],
        ["WithCorrectorOrder"] = [1, 3],
        ["WithDisableCorrector"] = [new[] { 0, 2 }],
        ["WithTau"] = [0.0, 0.5],
        ["WithTauTmin"] = [0.0],
        ["WithTauTmax"] = [999.0],
        ["WithLambdaMinClipped"] = [-5.1],
        ["WithClamp"] = [Clamp.None, Clamp.Range(0.5), Clamp.Dynamic(0.9, 1.5)],
        ["WithSigmas"] = [SigmaSchedule.Karras(), SigmaSchedule.Exponential, SigmaSchedule.Beta(), SigmaSchedule.Lu()],
        ["WithCustomTimesteps"] = [new[] { 900, 500, 100, 3 }],
        ["WithCustomSigmas"] = [new[] { 10.0, 3, 1, 0.2, 0.05 }],
        ["WithShift"] = [3.0],
        ["WithStrength"] = [0.5],
        ["WithOriginalInferenceSteps"] = [100],
        ["WithTimestepScaling"] = [0.01],
        ["WithOrder"] = [1, 2, 3, 4],
    };

    /// <summary>What networks of samplers that leave it to them predict.</summary>
    public static IReadOnlyList<PredictionType> Predictions { get; } = [PredictionType.Epsilon, PredictionType.Sample, PredictionType.VPrediction];

    /// <summary>Every option with every prediction type, and the options' defaults with every guider.</summary>
    public static IEnumerable<PipelineSpec> All =>
        (from entry in Schedulers.All
         let plain = entry.Create(Steps)
         from sampler in Variations(plain)
         from prediction in Predictions
         where IsValid(sampler, prediction)
         from guider in (sampler == plain ? Guiders.All : []).Cast<Guider?>().Prepend(null)
         where Fits(sampler, prediction, guider)
         select Spec(sampler, prediction, guider) with { Noise = NoiseSchedule.StableDiffusion }).DistinctBy(spec => spec.Key);

    public static PipelineSpec Spec(Scheduler sampler, PredictionType prediction, Guider? guider) => new(
        sampler.Resolve(SchedulerConfig.Default),
        NoiseSchedule.Linear,
        prediction,
        HasText: guider is not null,
        guider is null ? default : EquatableArray.Of(guider));

    /// <summary>Whether the guider is defined for the steps of the sampler and for what the network predicts.</summary>
    public static bool Fits(Scheduler sampler, PredictionType prediction, Guider? guider) => !GuidanceChecks.Of(Spec(sampler, prediction, guider)).Any();

    public static bool IsValid(Scheduler sampler, PredictionType prediction) =>
        !sampler.Resolve(SchedulerConfig.Default).Check(NoiseSchedule.Linear, prediction).Any(finding => finding.Rule.Severity == RuleSeverity.Error);

    /// <summary>The sampler itself, and with each of its options changed: found by its With… methods, so that a new sampler needs no line here.</summary>
    public static IEnumerable<Scheduler> Variations(Scheduler sampler) =>
        (from option in sampler.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).OrderBy(method => method.Name)
         where option.Name.StartsWith("With", System.StringComparison.Ordinal) && option.Name != "WithSteps"
         from value in Values(option)
         let changed = (Scheduler)option.Invoke(sampler, [value])!
         where IsValid(changed)
         select changed).Prepend(sampler);

    /// <summary>The sampler with an option, if it has it.</summary>
    public static Scheduler Said(Scheduler sampler, string with, object value) =>
        sampler.GetType().GetMethod(with) is { } method && method.Invoke(sampler, [value]) is Scheduler said && IsValid(said) ? said : sampler;

    /// <summary>Options that leave the marginals on purpose; clamps are taken off elsewhere.</summary>
    public static bool KeepsMarginals(Scheduler sampler, PredictionType prediction) => sampler switch
    {
        DdpmScheduler ddpm => ddpm.Variance is null or VarianceType.FixedSmall or VarianceType.FixedSmallLog,
        EulerScheduler euler => euler.SChurn == 0,
        EdmEulerScheduler edm => edm.SChurn == 0,
        DpmSolverSdeScheduler sde => sde.SNoise == 1,
        DpmSolverSinglestepScheduler solver => solver.Variance is not (VarianceType.Learned or VarianceType.LearnedRange),
        FlowHeunScheduler heun => heun.SChurn == 0,
        DpmSolverScheduler solver => !(solver.Algorithm == SolverAlgorithm.SdeDpmSolver && solver.Order > 1) && solver.Variance is not (VarianceType.Learned or VarianceType.LearnedRange),
        SASolverScheduler solver => solver.Algorithm != SolverAlgorithm.NoisePrediction && solver.Variance is not (VarianceType.Learned or VarianceType.LearnedRange),
        PndmScheduler pndm => prediction == PredictionType.Epsilon && (pndm.SkipPrkSteps != true || pndm.Spacing is null or TimestepSpacing.Leading),
        _ => true,
    };

    /// <summary>Whether the sampler is right for some prediction type.</summary>
    private static bool IsValid(Scheduler sampler) => Predictions.Any(prediction => IsValid(sampler, prediction));

    private static IEnumerable<object> Values(MethodInfo option)
    {
        var type = option.GetParameters()[0].ParameterType;
        type = System.Nullable.GetUnderlyingType(type) ?? type;
        return Numbers.TryGetValue(option.Name, out var values) ? values
            : type.IsEnum ? type.GetEnumValues().Cast<object>()
            : type == typeof(bool) ? [true, false]
            : [];
    }
}
