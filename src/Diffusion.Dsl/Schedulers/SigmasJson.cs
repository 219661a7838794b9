using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>How noise levels are spread, as config files say it.</summary>
internal static class SigmasJson
{
    public static SigmaSchedule? Read(SchedulerConfig config)
    {
        var spread = config.Flag("use_karras_sigmas") == true ? SigmaSchedule.Karras()
            : config.Flag("use_exponential_sigmas") == true ? SigmaSchedule.Exponential
            : config.Flag("use_beta_sigmas") == true ? SigmaSchedule.Beta()
            : config.Flag("use_lu_lambdas") == true ? SigmaSchedule.Lu()
            : null;
        return spread ?? (config.Flag("use_karras_sigmas") is null ? null : SigmaSchedule.FromModel);
    }

    /// <summary>diffusers 0.30 knows karras everywhere; what it does not know is written only where it is used.</summary>
    public static IEnumerable<JsonMember> Write(SigmaSchedule sigmas)
    {
        yield return new("use_karras_sigmas", JsonValue.Of(sigmas is KarrasSigmas));
        if (sigmas is ExponentialSigmas or BetaSigmas or LuSigmas)
        {
            yield return new(sigmas is ExponentialSigmas ? "use_exponential_sigmas" : sigmas is BetaSigmas ? "use_beta_sigmas" : "use_lu_lambdas", JsonValue.Of(true));
        }
    }
}
