using System;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Guiders as receipts hold them.</summary>
internal static class GuiderJson
{
    public static JsonValue Write(Guider guider) => guider switch
    {
        ClassifierFreeGuidance cfg => Fields.Object(
            Fields.Of("name", cfg.Name),
            Fields.Of("scale", cfg.Scale),
            Fields.Of("rescale", cfg.Rescale == 0 ? null : cfg.Rescale),
            Fields.Of("start", cfg.Interval.Start == 0 ? null : cfg.Interval.Start),
            Fields.Of("stop", cfg.Interval.Stop == 1 ? null : cfg.Interval.Stop)),
        ClipGuidance clip => Fields.Object([
            Fields.Of("name", clip.Name),
            Fields.Of("prompt", clip.Prompt),
            Fields.Of("scale", clip.Scale),
            Fields.Of("cuts", clip.Cuts),
            Fields.Of("picture", clip.Picture),
            Fields.Of("model", clip.Model),
            clip.Cutouts == Dsl.Cutouts.AsInTheCourse ? null : new JsonMember("cutouts", Write(clip.Cutouts)),
            .. Common(clip)]),
        ColorGuidance color => Fields.Object([
            Fields.Of("name", color.Name),
            Fields.Of("red", color.Red),
            Fields.Of("green", color.Green),
            Fields.Of("blue", color.Blue),
            Fields.Of("scale", color.Scale),
            .. Common(color)]),
        LossGuidance loss => Fields.Object([
            Fields.Of("name", loss.Name),
            Fields.Of("label", loss.Label),
            Fields.Of("scale", loss.Scale),
            Fields.Flag("latents", loss.ReadsLatents),
            .. Common(loss)]),
        _ => GuidanceJson.Write(guider),
    };

    /// <exception cref="DiffusionException">DIF0464: an unknown guider, option or curve; DIF0581, DIF0582: a value is missing or of another kind.</exception>
    public static Guider Read(JsonValue json)
    {
        switch (json["name"].AsString())
        {
            case "Cfg":
                Fields.Known(json, "Cfg", "name", "scale", "rescale", "start", "stop");
                return new ClassifierFreeGuidance(OptionJson.Number(json["scale"]), Fields.Number(json, "rescale") ?? 0)
                    .WithInterval(new GuidanceInterval(Fields.Number(json, "start") ?? 0, Fields.Number(json, "stop") ?? 1));
            case "Clip":
                Fields.Known(json, "Clip", "name", "prompt", "scale", "cuts", "picture", "model", "cutouts", "schedule", "throughNetwork", "changesNoise", "errata");
                return Common(json, new ClipGuidance(json["prompt"].AsString(), OptionJson.Number(json["scale"]), json["cuts"].AsInt())
                {
                    Picture = Fields.Find(json, "picture")?.AsString(),
                    Model = Fields.Find(json, "model")?.AsString(),
                    Cutouts = Fields.Find(json, "cutouts") is { } cutouts ? Cutouts(cutouts) : Dsl.Cutouts.AsInTheCourse,
                });
            case "Color":
                Fields.Known(json, "Color", "name", "red", "green", "blue", "scale", "schedule", "throughNetwork", "changesNoise", "errata");
                return Common(json, new ColorGuidance(OptionJson.Number(json["red"]), OptionJson.Number(json["green"]), OptionJson.Number(json["blue"]), OptionJson.Number(json["scale"])));
            case "Loss":
                throw Rules.ReceiptLoss.Error(json["label"].AsString());
            default:
                return GuidanceJson.Read(json);
        }
    }

    // What all guiders by gradients have, behind what each has of its own.
    private static JsonMember?[] Common(GradientGuidance guider) =>
    [
        Schedule(guider.Schedule),
        Fields.Flag("throughNetwork", guider.ThroughNetwork),
        Fields.Flag("changesNoise", guider.ChangesNoise),
        guider.Errata == GuidanceErrata.None ? null : new("errata", JsonValue.Of((int)guider.Errata)),
    ];

    private static GradientGuidance Common(JsonValue json, GradientGuidance own) => own with
    {
        Schedule = Schedule(json),
        ThroughNetwork = Fields.Flag(json, "throughNetwork"),
        ChangesNoise = Fields.Flag(json, "changesNoise"),
        Errata = (GuidanceErrata)(Fields.Find(json, "errata")?.AsInt() ?? 0),
    };

    private static JsonValue Write(Cutouts cutouts) => Fields.Object(
        Fields.Of("smallest", cutouts.Smallest),
        Fields.Of("largest", cutouts.Largest),
        Fields.Of("degrees", cutouts.Degrees),
        Fields.Flag("mirrors", cutouts.Mirrors));

    private static Cutouts Cutouts(JsonValue json)
    {
        Fields.Known(json, "cutouts", "smallest", "largest", "degrees", "mirrors");
        return new Cutouts(OptionJson.Number(json["smallest"]), OptionJson.Number(json["largest"]), OptionJson.Number(json["degrees"]), Fields.Flag(json, "mirrors"));
    }

    private static JsonMember? Schedule(ScaleSchedule schedule) => schedule == ScaleSchedule.Constant ? null : new(
        "schedule",
        Fields.Object(Fields.Of("curve", schedule.Curve.ToString()), Fields.Flag("readsStepNumber", schedule.ReadsStepNumber),
            schedule.Factors.IsEmpty ? null : new JsonMember("factors", JsonValue.Array([.. schedule.Factors.Select(factor => OptionJson.Number(factor))]))));

    private static ScaleSchedule Schedule(JsonValue guider)
    {
        if (Fields.Find(guider, "schedule") is not { } json)
        {
            return ScaleSchedule.Constant;
        }

        Fields.Known(json, "schedule", "curve", "readsStepNumber", "factors");
        var word = json["curve"].AsString();
        return Enum.TryParse<ScaleCurve>(word, out var curve) && curve.ToString() == word
            ? new ScaleSchedule(curve, Fields.Flag(json, "readsStepNumber")) { Factors = Fields.List(json, "factors").Select(value => OptionJson.Number(value)).ToEquatableArray() }
            : throw Rules.ReceiptUnknownName.Error("curve", word, string.Join(", ", Enum.GetNames(typeof(ScaleCurve))));
    }
}
