using System;
using System.Linq;

namespace Diffusion.Dsl;

/// <content>Receipts as JSON.</content>
public sealed partial record Receipt
{
    // What a reader of format n meets in format n + 1 it would misunderstand; members that it may pass over do not change the number.
    private const int Format = 1;

    /// <summary>The receipt as strict JSON, keys in fixed order. <see cref="FromJson"/> gives an equal receipt.</summary>
    public JsonValue ToJson() => Fields.Object(
        Fields.Of("format", Format),
        Fields.Of("pipeline", Pipeline.ToJson()),
        Fields.Of("sampled", Fields.Object(
            Fields.Of("sampler", SamplerJson.WriteAll(Spec.Sampler)),
            Fields.Of("noise", NoiseJson.Write(Spec.Noise)),
            Fields.Of("prediction", Names.Of(Spec.Prediction)),
            Fields.Of("start", Spec.Start),
            Fields.Flag("classes", Spec.HasClasses),
            Fields.Of("width", Width),
            Fields.Of("height", Height))),
        Fields.Of("pictures", Pictures.Select(ReceiptPictureJson.Write).ToArray()),
        Fields.Of("weights", Weights.Select(file => Fields.Object(Fields.Of("file", file.File), Fields.Of("sha256", file.Sha256))).ToArray()),
        Fields.Of("machine", Fields.Object(
            Fields.Of("device", Machine.Device.ToString()),
            Fields.Of("precision", Machine.Precision.ToString().ToLowerInvariant()),
            Fields.Of("sampler", Machine.Sampler),
            Fields.Of("rng", Machine.Rng),
            Fields.Of("version", Machine.Version),
            Fields.Of("torchSharp", Machine.TorchSharp),
            Fields.Of("libtorch", Machine.LibTorch))));

    /// <summary>The receipt that a JSON object of <see cref="ToJson"/> holds.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="DiffusionException">
    /// DIF0463: it is of a later version. DIF0464: it names something that this version does not know. DIF0581, DIF0582: a value is missing or not of its kind.
    /// </exception>
    public static Receipt FromJson(JsonValue json)
    {
        if (json["format"].AsInt() is var format && format is < 1 or > Format)
        {
            throw Rules.ReceiptTooNew.Error(format, Format);
        }

        var (pipeline, sampled, machine) = (Pipeline.FromJson(json["pipeline"]), json["sampled"], json["machine"]);
        var spec = new PipelineSpec(
            SamplerJson.Read(sampled["sampler"]),
            NoiseJson.Read(sampled["noise"]),
            (PredictionType)OptionJson.Word(typeof(PredictionType), "prediction", sampled["prediction"]),
            pipeline.TextModel is not null,
            pipeline.Guiders)
        {
            Start = sampled["start"].AsInt(),
            HasClasses = Fields.Flag(sampled, "classes"),
        };
        var pictures = json["pictures"].AsArray().Select(ReceiptPictureJson.Read).ToEquatableArray();
        return new Receipt(
            pipeline,
            spec,
            pictures.IsEmpty ? throw Rules.JsonKindMismatch.Error("[]", "an empty array", "a list of pictures") : pictures,
            sampled["width"].AsInt(),
            sampled["height"].AsInt(),
            new ReceiptMachine(
                DeviceOf(machine["device"].AsString()),
                PrecisionOf(machine["precision"].AsString()),
                machine["sampler"].AsString(),
                machine["rng"].AsString(),
                machine["version"].AsString(),
                machine["torchSharp"].AsString(),
                machine["libtorch"].AsString()))
        {
            Weights = Fields.List(json, "weights").Select(file => new WeightsHash(file["file"].AsString(), Fields.Words(file, "sha256"))).ToEquatableArray(),
        };
    }

    private static Device DeviceOf(string word)
    {
        var parts = word.Split(':');
        return parts.Length == 2 && int.TryParse(parts[1], out var index) ? new Device(parts[0], index) : new Device(parts[0]);
    }

    private static Precision PrecisionOf(string word) => Enum.GetValues(typeof(Precision)).Cast<Precision?>().FirstOrDefault(precision => precision.ToString().ToLowerInvariant() == word)
        ?? throw Rules.ReceiptUnknownName.Error("precision", word, string.Join(", ", Enum.GetNames(typeof(Precision)).Select(name => name.ToLowerInvariant())));
}
