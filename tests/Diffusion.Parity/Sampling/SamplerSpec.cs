using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Parity.Sampling;

/// <summary>Makes the library's sampler from what a case says of diffusers' scheduler.</summary>
internal static class SamplerSpec
{
    /// <summary>Whether the library has a sampler of the case's class.</summary>
    public static bool IsKnown(GoldenCase golden) => golden.Word("scheduler_class") is { } name && Schedulers.All.Any(entry => entry.DiffusersClass == name);

    /// <summary>The spec of an unconditional pipeline with that scheduler.</summary>
    /// <param name="json">Has <c>scheduler_class</c> and <c>scheduler_config</c>.</param>
    /// <param name="setTimesteps">The arguments of <c>set_timesteps</c>.</param>
    /// <param name="stepArguments">The arguments of <c>step</c>.</param>
    public static PipelineSpec Of(JsonValue json, JsonValue setTimesteps, JsonValue stepArguments)
    {
        var config = SchedulerConfigJson.Read(json.Object("scheduler_config")) with { ClassName = json.Word("scheduler_class") };
        var sampler = Schedulers.From(config, setTimesteps.Find("num_inference_steps") is { IsNull: false } ? setTimesteps.Integer("num_inference_steps") : 1);
        foreach (var argument in setTimesteps.Members.Concat(stepArguments.Members).Where(argument => !argument.Value.IsNull && argument.Name != "num_inference_steps"))
        {
            sampler = Arguments.With(sampler, argument).Resolve(config);
        }

        var findings = sampler.Check(config.Noise, config.Prediction).ToEquatableArray();
        return findings.IsEmpty
            ? new PipelineSpec(sampler, config.Noise, config.Prediction, HasText: false, default)
            : throw new DiffusionException(findings);
    }
}
