using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>How the EDM samplers' levels are spread, as config files say it.</summary>
internal static class EdmSigmasJson
{
    public static SigmaSchedule? Read(SchedulerConfig config) => config.Find("sigma_schedule")?.AsString() switch
    {
        "exponential" => SigmaSchedule.Exponential,
        "karras" => SigmaSchedule.Karras(config.Number("rho") ?? 7),
        null => config.Number("rho") is { } rho ? SigmaSchedule.Karras(rho) : null,
        { } word => throw Rules.UnknownWord.Error("sigma_schedule", word, "karras, exponential"),
    };

    public static IEnumerable<JsonMember> Write(SigmaSchedule sigmas)
    {
        yield return new("sigma_schedule", JsonValue.Of(sigmas is ExponentialSigmas ? "exponential" : "karras"));
        yield return new("rho", JsonValue.Of((sigmas as KarrasSigmas)?.Rho ?? 7));
    }
}
