using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Noise schedules as receipts hold them.</summary>
internal static class NoiseJson
{
    public static JsonValue Write(NoiseSchedule noise) => Fields.Object(
        Fields.Of("schedule", Names.Of(noise.Schedule)),
        Fields.Of("betaStart", noise.BetaStart),
        Fields.Of("betaEnd", noise.BetaEnd),
        Fields.Of("trainTimesteps", noise.TrainTimesteps),
        Fields.Of("trainedBetas", noise.TrainedBetas.Select(OptionJson.Number).ToArray()),
        Fields.Flag("zeroTerminalSnr", noise.ZeroTerminalSnr));

    public static NoiseSchedule Read(JsonValue json)
    {
        Fields.Known(json, "noise schedule", "schedule", "betaStart", "betaEnd", "trainTimesteps", "trainedBetas", "zeroTerminalSnr");
        return new NoiseSchedule(
            (BetaSchedule)OptionJson.Word(typeof(BetaSchedule), "schedule", json["schedule"]),
            OptionJson.Number(json["betaStart"]),
            OptionJson.Number(json["betaEnd"]),
            json["trainTimesteps"].AsInt())
        {
            TrainedBetas = Fields.List(json, "trainedBetas").Select(OptionJson.Number).ToEquatableArray(),
            ZeroTerminalSnr = Fields.Flag(json, "zeroTerminalSnr"),
        };
    }
}
