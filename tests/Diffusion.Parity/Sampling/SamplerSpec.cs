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
        var sampler = Spaced(config, setTimesteps);
        foreach (var argument in stepArguments.Members.Where(argument => !argument.Value.IsNull))
        {
            sampler = With(sampler, argument);
        }

        var findings = sampler.Check(config.Noise, config.Prediction).ToEquatableArray();
        return findings.IsEmpty
            ? new PipelineSpec(sampler, config.Noise, config.Prediction, HasText: false, default)
            : throw new DiffusionException(findings);
    }

    private static Scheduler Spaced(SchedulerConfig config, JsonValue setTimesteps) => setTimesteps.Members.Where(member => !member.Value.IsNull).Select(member => member.Name).ToArray() switch
    {
        ["num_inference_steps"] => Schedulers.From(config, setTimesteps.Integer("num_inference_steps")),
        ["timesteps"] when setTimesteps.Integers("timesteps") is var timesteps => Schedulers.From(config, timesteps.Length) is DdpmScheduler ddpm
            ? ddpm.WithCustomTimesteps([.. timesteps.Select(timestep => (int)timestep)])
            : throw new GoldenException($"{config.ClassName} takes no timesteps one by one"),
        var names => throw new GoldenException($"set_timesteps({string.Join(", ", names)}) is of an unknown form"),
    };

    private static Scheduler With(Scheduler sampler, JsonMember argument) => (sampler, argument.Name) switch
    {
        (DdimScheduler ddim, "eta") => ddim.WithEta(argument.Value.AsDouble()),
        (DdimScheduler ddim, "use_clipped_model_output") => ddim.WithUseClippedModelOutput(argument.Value.AsBoolean()),
        _ => throw new GoldenException($"step takes '{argument.Name}', which {sampler} does not know"),
    };
}
