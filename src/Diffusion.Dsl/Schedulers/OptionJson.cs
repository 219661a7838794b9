using System;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Values of samplers' options as receipts hold them: strict JSON, in which numbers that JSON does not know are words.</summary>
internal static class OptionJson
{
    public static JsonValue Write(object value) => value switch
    {
        bool flag => JsonValue.Of(flag),
        int number => JsonValue.Of(number),
        long number => JsonValue.Of(number),
        double number => Number(number),
        Enum word => JsonValue.Of(Names.Of(word)),
        EquatableArray<int> numbers => JsonValue.Array(numbers.Select(number => JsonValue.Of(number))),
        EquatableArray<double> numbers => JsonValue.Array(numbers.Select(Number)),
        Clamp clamp => ClampToJson(clamp),
        SigmaSchedule sigmas => SigmasToJson(sigmas),
        _ => throw new NotSupportedException("options of the type " + value.GetType()),
    };

    /// <exception cref="DiffusionException">DIF0464: an unknown word, spread or clamp. DIF0581, DIF0582: a value of another kind.</exception>
    public static object Read(Type type, string name, JsonValue json) =>
        type.IsEnum ? Word(type, name, json)
        : type == typeof(bool) ? json.AsBoolean()
        : type == typeof(int) ? json.AsInt()
        : type == typeof(long) ? json.AsLong()
        : type == typeof(double) ? Number(json)
        : type == typeof(EquatableArray<int>) ? json.AsArray().Select(item => item.AsInt()).ToEquatableArray()
        : type == typeof(EquatableArray<double>) ? json.AsArray().Select(Number).ToEquatableArray()
        : type == typeof(Clamp) ? ClampOf(json)
        : type == typeof(SigmaSchedule) ? SigmasOf(json)
        : throw new NotSupportedException("options of the type " + type);

    /// <summary>A closed choice by its word in config files.</summary>
    /// <exception cref="DiffusionException">DIF0464: the word is unknown. DIF0581: it is no string.</exception>
    public static Enum Word(Type choice, string name, JsonValue json) =>
        Names.Find(choice, json.AsString()) ?? throw Rules.ReceiptUnknownName.Error("value of " + name, json.AsString(), string.Join(", ", Names.WordsOf(choice)));

    /// <summary>A number; infinities and NaN as strings, for strict JSON has no words for them.</summary>
    public static JsonValue Number(double value) => double.IsNaN(value) || double.IsInfinity(value) ? JsonValue.Of(JsonValue.Of(value).RawText) : JsonValue.Of(value);

    /// <exception cref="DiffusionException">DIF0581: neither a number nor one of the words.</exception>
    public static double Number(JsonValue json) => json.Kind == JsonKind.String && json.AsString() is "Infinity" or "-Infinity" or "NaN" ? JsonValue.Number(json.AsString()).AsDouble() : json.AsDouble();

    private static JsonValue ClampToJson(Clamp clamp) => clamp switch
    {
        RangeClamp range => Named("range", new JsonMember("limit", Number(range.Limit))),
        DynamicThreshold dynamic => Named("dynamic", new JsonMember("ratio", Number(dynamic.Ratio)), new JsonMember("maxValue", Number(dynamic.MaxValue))),
        _ => Named("none"),
    };

    private static Clamp ClampOf(JsonValue json) => json["name"].AsString() switch
    {
        "none" => Clamp.None,
        "range" => Clamp.Range(Number(json["limit"])),
        "dynamic" => Clamp.Dynamic(Number(json["ratio"]), Number(json["maxValue"])),
        var other => throw Rules.ReceiptUnknownName.Error("clamp", other, "none, range, dynamic"),
    };

    private static JsonValue SigmasToJson(SigmaSchedule sigmas) => sigmas switch
    {
        KarrasSigmas karras => Named("karras", new JsonMember("rho", Number(karras.Rho))),
        LuSigmas lu => Named("lu", new JsonMember("rho", Number(lu.Rho))),
        BetaSigmas beta => Named("beta", new JsonMember("alpha", Number(beta.Alpha)), new JsonMember("beta", Number(beta.BetaValue))),
        ExponentialSigmas => Named("exponential"),
        _ => Named("model"),
    };

    private static SigmaSchedule SigmasOf(JsonValue json) => json["name"].AsString() switch
    {
        "model" => SigmaSchedule.FromModel,
        "exponential" => SigmaSchedule.Exponential,
        "karras" => SigmaSchedule.Karras(Number(json["rho"])),
        "lu" => SigmaSchedule.Lu(Number(json["rho"])),
        "beta" => SigmaSchedule.Beta(Number(json["alpha"]), Number(json["beta"])),
        var other => throw Rules.ReceiptUnknownName.Error("spread of noise levels", other, "model, karras, exponential, beta, lu"),
    };

    private static JsonValue Named(string name, params JsonMember[] members) => JsonValue.Object(members.Prepend(new JsonMember("name", JsonValue.Of(name))));
}
