using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Guiders beside Cfg as receipts hold them.</summary>
internal static class GuidanceJson
{
    private const string Known = "Cfg, Clip, Color, Loss, Apg, CfgZero, CfgPlusPlus, Pag, Autoguidance";

    public static JsonValue Write(Guider guider) => guider switch
    {
        AdaptiveProjectedGuidance apg => Written(
            apg,
            apg.Interval,
            Fields.Of("scale", apg.Scale),
            Fields.Of("eta", apg.Eta),
            Fields.Of("momentum", apg.Momentum),
            Fields.Of("threshold", apg.Threshold == 0 ? null : apg.Threshold),
            Fields.Flag("fromUnconditional", apg.FromUnconditional)),
        ZeroStarGuidance zero => Written(zero, zero.Interval, Fields.Of("scale", zero.Scale), Fields.Of("zeroSteps", zero.ZeroSteps)),
        PlusPlusGuidance plus => Written(plus, plus.Interval, Fields.Of("lambda", plus.Lambda)),
        PerturbedAttentionGuidance pag => Written(pag, pag.Interval, Fields.Of("scale", pag.Scale), Fields.Of("layers", pag.Layers.Select(JsonValue.Of).ToArray())),
        AutoGuidance auto => Written(auto, auto.Interval, Fields.Of("worse", ModelJson.Write(auto.Worse)), Fields.Of("scale", auto.Scale)),
        _ => throw new NotSupportedException("receipts do not know " + guider.GetType().Name + " yet"),
    };

    /// <exception cref="DiffusionException">DIF0464: an unknown guider or option; DIF0581, DIF0582: a value is missing or of another kind.</exception>
    public static Guider Read(JsonValue json) => json["name"].AsString() switch
    {
        "Apg" => new AdaptiveProjectedGuidance(Number(Checked(json, "scale", "eta", "momentum", "threshold", "fromUnconditional"), "scale"), Number(json, "eta"), Number(json, "momentum"), Fields.Number(json, "threshold") ?? 0)
        {
            FromUnconditional = Fields.Flag(json, "fromUnconditional"),
            Interval = Interval(json),
        },
        "CfgZero" => new ZeroStarGuidance(Number(Checked(json, "scale", "zeroSteps"), "scale"), json["zeroSteps"].AsInt()) { Interval = Interval(json) },
        "CfgPlusPlus" => new PlusPlusGuidance(Number(Checked(json, "lambda"), "lambda")) { Interval = Interval(json) },
        "Pag" => new PerturbedAttentionGuidance(Number(Checked(json, "scale", "layers"), "scale"))
        {
            Layers = Fields.List(json, "layers").Select(layer => layer.AsString()).ToEquatableArray(),
            Interval = Interval(json),
        },
        "Autoguidance" => new AutoGuidance(ModelJson.Unet(Checked(json, "worse", "scale")["worse"]), Number(json, "scale")) { Interval = Interval(json) },
        var other => throw Rules.ReceiptUnknownName.Error("guider", other, Known),
    };

    private static JsonValue Written(Guider guider, GuidanceInterval interval, params JsonMember?[] options) => Fields.Object(
    [
        Fields.Of("name", guider.Name),
        .. options,
        Fields.Of("start", interval.Start == 0 ? null : interval.Start),
        Fields.Of("stop", interval.Stop == 1 ? null : interval.Stop),
    ]);

    private static JsonValue Checked(JsonValue json, params string[] options) => Fields.Known(json, json["name"].AsString(), ["name", .. options, "start", "stop"]);

    private static double Number(JsonValue json, string name) => OptionJson.Number(json[name]);

    private static GuidanceInterval Interval(JsonValue json) => new(Fields.Number(json, "start") ?? 0, Fields.Number(json, "stop") ?? 1);
}
