using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>How noise levels are spread, as config files say it.</summary>
internal static class SigmasJson
{
    public static SigmaSchedule? Read(SchedulerConfig config, bool lu)
    {
        var spread = config.Flag("use_karras_sigmas") == true ? SigmaSchedule.Karras()
            : config.Flag("use_exponential_sigmas") == true ? SigmaSchedule.Exponential
            : config.Flag("use_beta_sigmas") == true ? SigmaSchedule.Beta()
            : lu && config.Flag("use_lu_lambdas") == true ? SigmaSchedule.Lu()
            : null;
        return spread ?? (config.Flag("use_karras_sigmas") is null ? null : SigmaSchedule.FromModel);
    }

    /// <summary>The keys of diffusers 0.30; those of later versions are written only where they are used, or were.</summary>
    public static IEnumerable<JsonMember> Write(SigmaSchedule sigmas, SchedulerConfig config, bool lu)
    {
        yield return new("use_karras_sigmas", JsonValue.Of(sigmas is KarrasSigmas));
        if (lu)
        {
            yield return new("use_lu_lambdas", JsonValue.Of(sigmas is LuSigmas));
        }

        foreach (var (key, used) in new[] { ("use_exponential_sigmas", sigmas is ExponentialSigmas), ("use_beta_sigmas", sigmas is BetaSigmas) })
        {
            if (used || config.Find(key) is not null)
            {
                yield return new(key, JsonValue.Of(used));
            }
        }
    }
}
