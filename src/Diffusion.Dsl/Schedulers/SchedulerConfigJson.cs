using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Reads and writes diffusers' <c>scheduler_config.json</c>.</summary>
public static class SchedulerConfigJson
{
    // Not of the file: diffusers lists here, in memory, what a file left to the defaults of its class.
    private const string UsedDefaults = "_use_default_values";

    /// <summary>The config a JSON object holds. Missing keys take the defaults of the class that <c>_class_name</c> names, as diffusers 0.30 has them.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="DiffusionException">DIF0210: a word is unknown; DIF0580 and following: a value has the wrong kind.</exception>
    public static SchedulerConfig Read(JsonValue json)
    {
        var said = Said(json);
        var className = said.Find("_class_name") is { IsNull: false } name ? name.AsString() : null;
        var keys = Schedulers.Find(className)?.NoiseKeys ?? NoiseKeys.All;
        var config = keys.Read(said) with { ClassName = className };

        // Words that every family shares are refused here, whichever sampler reads them later.
        _ = (config.Word<TimestepSpacing>("timestep_spacing"), config.Variance);
        return config;
    }

    /// <summary>
    /// The object diffusers writes for <paramref name="sampler"/> on a checkpoint's noise: the keys that its class has, in order. Keys that it does not have
    /// are kept from <see cref="SchedulerConfig.Source"/>, and so is the spelling of values that are still the same.
    /// </summary>
    /// <param name="sampler">A resolved sampler.</param>
    /// <param name="config">The checkpoint's config.</param>
    public static JsonValue Write(Scheduler sampler, SchedulerConfig config)
    {
        config = config with { Source = Said(config.Source ?? JsonValue.EmptyObject) };
        var own = Write(sampler, config, sampler.NoiseKeys);

        // Noise that the class has no keys for is written all the same where it would be lost: another sampler reads it.
        var back = sampler.NoiseKeys.Read(own);
        return back.Noise == config.Noise && back.Prediction == config.Prediction ? own : Write(sampler, config, NoiseKeys.All);
    }

    private static JsonValue Write(Scheduler sampler, SchedulerConfig config, NoiseKeys keys)
    {
        var source = config.Source!;
        var old = Read(source);
        var noise = keys.Write(config);
        var written = (old.Noise == config.Noise && old.Prediction == config.Prediction ? Kept(noise, source) : noise)
            .Concat(sampler.ConfigMembers(config))
            .Concat([new("_class_name", JsonValue.Of(sampler.DiffusersClass)), new("_diffusers_version", source.Find("_diffusers_version") ?? JsonValue.Of("0.30.3"))])
            .Select(member => Respelled(member, source))
            .ToArray();
        var others = source.Members.Where(member => written.All(other => other.Name != member.Name));
        return JsonValue.Object(written.Concat(others).OrderBy(member => member.Name, StringComparer.Ordinal));
    }

    /// <summary>The members with the values of a source, where it has them.</summary>
    internal static IEnumerable<JsonMember> Kept(IEnumerable<JsonMember> members, JsonValue? source) =>
        members.Select(member => source?.Find(member.Name) is { } old ? new JsonMember(member.Name, old) : member);

    /// <summary>The source's own spelling of a value that is still the same number: 1e-05 stays 1e-05, 1 does not become 1.0.</summary>
    private static JsonMember Respelled(JsonMember member, JsonValue source) =>
        source.Find(member.Name) is { Kind: JsonKind.Number } old && member.Value.Kind == JsonKind.Number && old.AsDouble().Equals(member.Value.AsDouble())
            ? new JsonMember(member.Name, old)
            : member;

    /// <summary>The object without what was not said.</summary>
    private static JsonValue Said(JsonValue json)
    {
        if (json.Find(UsedDefaults) is not { } used)
        {
            return json;
        }

        var left = used.Items.Select(name => name.AsString()).Append(UsedDefaults).ToArray();
        return JsonValue.Object(json.Members.Where(member => !left.Contains(member.Name)));
    }
}
