using System;

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
        ClipGuidance clip => Fields.Object(
            Fields.Of("name", clip.Name),
            Fields.Of("prompt", clip.Prompt),
            Fields.Of("scale", clip.Scale),
            Fields.Of("cuts", clip.Cuts),
            Schedule(clip.Schedule)),
        ColorGuidance color => Fields.Object(
            Fields.Of("name", color.Name),
            Fields.Of("red", color.Red),
            Fields.Of("green", color.Green),
            Fields.Of("blue", color.Blue),
            Fields.Of("scale", color.Scale),
            Schedule(color.Schedule)),
        _ => throw new NotSupportedException("receipts do not know " + guider.GetType().Name + " yet"),
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
                Fields.Known(json, "Clip", "name", "prompt", "scale", "cuts", "schedule");
                return new ClipGuidance(json["prompt"].AsString(), OptionJson.Number(json["scale"]), json["cuts"].AsInt()).WithSchedule(Schedule(json));
            case "Color":
                Fields.Known(json, "Color", "name", "red", "green", "blue", "scale", "schedule");
                return new ColorGuidance(OptionJson.Number(json["red"]), OptionJson.Number(json["green"]), OptionJson.Number(json["blue"]), OptionJson.Number(json["scale"])).WithSchedule(Schedule(json));
            case var other:
                throw Rules.ReceiptUnknownName.Error("guider", other, "Cfg, Clip, Color");
        }
    }

    private static JsonMember? Schedule(ScaleSchedule schedule) => schedule == ScaleSchedule.Constant ? null : new(
        "schedule",
        Fields.Object(Fields.Of("curve", schedule.Curve.ToString()), Fields.Flag("readsStepNumber", schedule.ReadsStepNumber)));

    private static ScaleSchedule Schedule(JsonValue guider)
    {
        if (Fields.Find(guider, "schedule") is not { } json)
        {
            return ScaleSchedule.Constant;
        }

        Fields.Known(json, "schedule", "curve", "readsStepNumber");
        var word = json["curve"].AsString();
        return Enum.TryParse<ScaleCurve>(word, out var curve) && curve.ToString() == word
            ? new ScaleSchedule(curve, Fields.Flag(json, "readsStepNumber"))
            : throw Rules.ReceiptUnknownName.Error("curve", word, string.Join(", ", Enum.GetNames(typeof(ScaleCurve))));
    }
}
