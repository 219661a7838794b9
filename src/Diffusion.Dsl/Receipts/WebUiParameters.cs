using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The text under which the stable-diffusion-webui and its relatives keep how a picture was made, in the PNG text <c>parameters</c>.</summary>
/// <remarks>
/// Prompt, a line <c>Negative prompt: …</c> where there is one, and as the last line pairs <c>Key: value</c> with commas between them. Readers take the last line for
/// the pairs if it has at least three. A value with a comma, a colon or a line break stands between quotes, escaped as in JSON; clip skip counts from 1; noise is that of
/// the GPU unless <c>RNG: CPU</c> says otherwise; a model's hash is the first 10 digits of the SHA-256 of its file.
/// </remarks>
internal static class WebUiParameters
{
    private const int HashDigits = 10;

    public static string Of(Receipt receipt)
    {
        var (pipeline, spec, picture) = (receipt.Pipeline, receipt.Spec, receipt.Pictures[0]);
        var pairs = new List<KeyValuePair<string, string?>>
        {
            Pair("Steps", Text.Of(spec.Sampler.StepCount ?? spec.Noise.TrainTimesteps)),
            Pair("Sampler", Sampler(spec.Sampler)),
            Pair("Schedule type", Spread(spec.Sampler)),
            Pair("CFG scale", Text.Of(picture.Scale ?? pipeline.Guiders.OfType<ClassifierFreeGuidance>().Select(cfg => (double?)cfg.Scale).FirstOrDefault() ?? 1)),
            Pair("Guidance", string.Join(", ", pipeline.Guiders.Where(guider => guider is not ClassifierFreeGuidance).Select(guider => guider.ToString()))),
            Pair("Seed", Text.Of(receipt.Seed)),
            Pair("Size", Text.Of(receipt.Width) + "x" + Text.Of(receipt.Height)),
            Pair("Model hash", Short(receipt.Weights.FirstOrDefault()?.Sha256)),
            Pair("Model", pipeline.UnetModel is { } unet ? Model(unet.Source) : null),
            Pair("VAE", pipeline.VaeModel is { } vae && vae.Source != pipeline.UnetModel?.Source ? Model(vae.Source) : null),
            Pair("Denoising strength", pipeline.ImageStrength is { } strength ? Text.Of(strength) : null),
            Pair("Clip skip", pipeline.TextModel is { ClipSkip: > 0 and var skipped } ? Text.Of(skipped + 1) : null),
            Pair("Label", receipt.Label is { } label ? Text.Of(label) : null),
            Pair("RNG", receipt.Machine.Rng),
            Pair("Version", "Diffusion.Dsl " + receipt.Machine.Version),
        };
        var hidden = picture.Negative ?? pipeline.NegativePrompt;
        var negative = string.IsNullOrEmpty(hidden) ? null : "Negative prompt: " + hidden;
        var numbers = string.Join(", ", pairs.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => pair.Key + ": " + Quoted(pair.Value!)));
        return string.Join("\n", new[] { receipt.Prompt, negative, numbers }.Where(line => !string.IsNullOrEmpty(line)));
    }

    private static KeyValuePair<string, string?> Pair(string key, string? value) => new(key, value);

    /// <summary>The webui's name where its sampler is the same; else the name here.</summary>
    private static string Sampler(Scheduler sampler) => sampler switch
    {
        DpmSolverScheduler solver => (solver.Algorithm, solver.SolverOrder) switch
        {
            (SolverAlgorithm.DpmSolverPlusPlus, 2) => "DPM++ 2M",
            (SolverAlgorithm.SdeDpmSolverPlusPlus, 2) => "DPM++ 2M SDE",
            (SolverAlgorithm.SdeDpmSolverPlusPlus, 3) => "DPM++ 3M SDE",
            _ => sampler.Name,
        },
        _ => Schedulers.All.FirstOrDefault(entry => entry.Name == sampler.Name)?.WebUiName ?? sampler.Name,
    };

    private static string? Spread(Scheduler sampler) =>
        sampler.JsonMembers(null).FirstOrDefault(member => member.Name == "sigmas")?.Value.Find("name")?.AsString() switch
        {
            "karras" => "Karras",
            "exponential" => "Exponential",
            "beta" => "Beta",
            _ => null,
        };

    // A path's last part; the webui takes commas and colons out of names.
    private static string Model(string source) => source.Replace('\\', '/').TrimEnd('/').Split('/').Last().Replace(",", "").Replace(":", "");

    private static string? Short(string? hash) => hash is null || hash.Length <= HashDigits ? hash : hash.Substring(0, HashDigits);

    private static string Quoted(string value) => value.IndexOfAny([',', ':', '\n']) < 0 ? value : JsonValue.Quote(value);
}
