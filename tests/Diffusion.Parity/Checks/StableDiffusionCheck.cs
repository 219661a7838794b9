using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;
using Diffusion.Parity.Sampling;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using static Diffusion.Dsl.Guiders;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// StableDiffusionPipeline, its image-to-image and its inpainting, as users run them and with the recorded noise: <c>prompt_ids</c>, <c>prompt_embeds</c>,
/// <c>timesteps_used</c>, <c>latents_after_step.i</c>, <c>final_latents</c>, <c>decoded</c>.
/// </summary>
internal sealed class StableDiffusionCheck : IParityCheck
{
    private static readonly string[] Classes = ["StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline"];

    public bool Takes(GoldenCase golden) => Classes.Contains(golden.Word("pipeline")) && SamplerSpec.IsKnown(golden);

    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var recorded = new Recording(Path.ChangeExtension(golden.Path, ".safetensors"));
        using var recording = no_grad();
        var json = golden.Content;
        var words = Words(json, "prompt");
        var perPrompt = Argument(json, "num_images_per_prompt") is { } copies ? copies.AsInt() : 1;
        var prompts = words.SelectMany(word => Enumerable.Repeat(word, perPrompt)).ToArray();
        var negatives = json.Find("kwargs")?.Find("negative_prompt") is null ? [] : Words(json.Object("kwargs"), "negative_prompt");
        Texts(golden, recorded, words, comparison);

        // One negative prompt for a pipeline: where a recording has several its pictures are made one by one.
        var several = negatives.Distinct().Count() > 1;
        var samples = several ? prompts.Length : 1;
        for (var sample = 0; sample < samples; sample++)
        {
            var mine = several ? [prompts[sample]] : prompts;
            Run(golden, recorded, mine, negatives.ElementAtOrDefault(several ? sample : 0), several ? sample : null, comparison);
        }
    }

    private static void Run(GoldenCase golden, Recording recorded, string[] prompts, string? negative, int? row, Comparison comparison)
    {
        using var scope = NewDisposeScope();
        var compiled = Compile(golden, negative);
        var latents = new List<Tensor>();
        using var loaded = compiled.Load();
        var noise = recorded.Noise().ConvertAll(drawn => Row(drawn, row));
        using var run = loaded.WithRecording(_ => new ReplayedNoise(noise), step => latents.Add(step.X.clone().DetachFromDisposeScope()));
        var images = golden.Word("kind") switch
        {
            "txt2img" => run.Generate(prompts, batch: prompts.Length),
            "img2img" => run.GenerateFrom([Picture(golden, "image")], prompts[0]),
            _ => run.Inpaint(Picture(golden, "image"), Picture(golden, "mask"), prompts[0]),
        };
        Compare("timesteps_used", recorded, tensor(compiled.Plan.Steps.SelectMany(step => step.Ops.OfType<EvaluateOp>()).Select(op => (float)op.Timestep).ToArray()), null, comparison);
        var evaluations = 0;
        for (var i = 0; i < latents.Count; i++)
        {
            // diffusers counts a step for each evaluation.
            evaluations += compiled.Plan.Steps[i].Ops.OfType<EvaluateOp>().Count();
            Compare($"latents_after_step.{evaluations - 1}", recorded, latents[i], row, comparison);
        }

        Compare("final_latents", recorded, latents[^1], row, comparison);
        if (recorded.Find("decoded") is not null)
        {
            using var vae = AutoencoderKL.FromPretrained(Path.Combine(golden.Beside("sd_tiny"), "vae"));
            Compare("decoded", recorded, vae.Decode(vae.Unscale(latents[^1])), row, comparison);
        }

        if (golden.Word("kind") != "inpaint" && golden.Word("kind") != "inpaint9" && recorded.Find("image01") is { } image01)
        {
            var expected = (Row(image01, row) * 255).permute(0, 2, 3, 1);
            comparison.Within("pixels", expected, cat([.. images.Select(image => tensor(image.Pixels.ToArray()).view(1, image.Height, image.Width, 3))]).to(ScalarType.Float32), 0.5 + (255 * 4 * Comparison.Relative));
        }
    }

    private static CompiledPipeline Compile(GoldenCase golden, string? negative)
    {
        var json = golden.Content;
        var steps = JsonValue.EmptyObject.With("num_inference_steps", json.Field("num_inference_steps"));
        var eta = Argument(json, "eta") is { } given ? JsonValue.EmptyObject.With("eta", given) : JsonValue.EmptyObject;
        var spec = SamplerSpec.Of(json, steps, eta);
        var folder = golden.Beside("sd_tiny");
        var text = Pretrained.From(folder).Clip.WithClipSkip(Argument(json, "clip_skip") is { } skip ? skip.AsInt() : 0);
        var pipeline = Pipeline.From(Pretrained.From(folder).Vae).Text(text)
            .Unet(Pretrained.From(golden.Beside(Path.GetDirectoryName(json.Word("unet"))!)).Unet)
            .Scheduler(spec.Sampler).Noise(spec.Noise).Prediction(spec.Prediction)
            .Guidance(Cfg(json.Number("guidance_scale"), Argument(json, "guidance_rescale") is { } rescale ? rescale.AsDouble() : 0))
            .Size(json.Integer("size"), json.Integer("size"));
        if (negative is not null)
        {
            pipeline = pipeline.Negative(negative);
        }

        if (Argument(json, "strength") is { } strength)
        {
            pipeline = pipeline.Strength(strength.AsDouble());
        }

        return pipeline.Compile(Samplers.Options);
    }

    private static void Texts(GoldenCase golden, Recording recorded, string[] words, Comparison comparison)
    {
        using var scope = NewDisposeScope();
        using var encoder = ClipTextEncoder.Load(golden.Beside("sd_tiny"));
        var tokens = words.Select(encoder.Tokenizer.Encode).ToArray();
        if (recorded.Find("prompt_ids") is { } ids)
        {
            comparison.Close("prompt_ids", ids.to(ScalarType.Float32), TokenTensors.Ids(tokens).to(ScalarType.Float32));
        }

        if (recorded.Find("prompt_embeds") is { } embeds)
        {
            var layer = ClipLayer.Skipped(Argument(golden.Content, "clip_skip") is { } skip ? skip.AsInt() : 0);
            var copies = (int)embeds.shape[0] / words.Length;
            comparison.Close("prompt_embeds", embeds, cat([.. tokens.SelectMany(each => Enumerable.Repeat(encoder.Encode(each, layer).Values, copies))]));
        }
    }

    private static void Compare(string name, Recording recorded, Tensor actual, int? row, Comparison comparison)
    {
        if (recorded.Find(name) is { } expected)
        {
            comparison.Close(name, Row(expected.to(ScalarType.Float32), row), actual);
        }
    }

    private static Tensor Row(Tensor batch, int? row) => row is { } i ? batch.narrow(0, i, 1) : batch;

    private static string[] Words(JsonValue json, string name) => json.Field(name) switch
    {
        { Kind: JsonKind.Array } list => [.. list.Items.Select(item => item.AsString())],
        var word => [word.AsString()],
    };

    private static JsonValue? Argument(JsonValue json, string name) => json.Find("kwargs")?.Find(name) is { IsNull: false } value ? value : null;

    private static Image Picture(GoldenCase golden, string name) => Image.Load(golden.Beside(golden.Content.Word(name)));
}
