using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Data.Shapes;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Plotting;
using TorchSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Benchmarks.Quality;

/// <summary>The figures of docs/models/shapes.md, one line of JSON each; plots and grids are written beside.</summary>
internal sealed class ShapesQuality : IDisposable
{
    private static readonly double[] Scales = [1, 2, 3, 4, 5, 6, 8, 10, 12];
    private static readonly int[] StepCounts = [5, 10, 15, 20, 30, 40];

    private static readonly (string Name, Func<int, Scheduler> Of)[] Samplers =
    [
        ("Ddim", steps => Ddim(steps)),
        ("Ddpm", steps => Ddpm(steps)),
        ("Euler", steps => Euler(steps)),
        ("EulerAncestral", steps => EulerAncestral(steps)),
        ("DpmSolver (2M)", steps => DpmSolver(steps)),
        ("UniPC", steps => UniPC(steps)),
    ];

    private readonly QualityOptions options;
    private readonly Pretrained model;
    private readonly ClipJudge judge;
    private readonly Stopwatch watch = Stopwatch.StartNew();

    private ShapesQuality(QualityOptions options)
    {
        this.options = options;
        model = Pretrained.From(options.Model);
        judge = new ClipJudge(Path.Combine(options.Model, "clip_model"));
    }

    /// <summary>All figures, as they are measured.</summary>
    public static IEnumerable<string> Measure(QualityOptions options)
    {
        using var quality = new ShapesQuality(options);
        foreach (var line in quality.Lines())
        {
            line["seconds"] = Math.Round(quality.watch.Elapsed.TotalSeconds);
            yield return line.ToJsonString();
        }
    }

    public void Dispose() => judge.Dispose();

    private IEnumerable<JsonObject> Lines()
    {
        Directory.CreateDirectory(options.Folder);
        var (heldIn, heldOut) = (PromptSet.HeldIn(options.Prompts), PromptSet.HeldOut(options.Prompts / 2));
        yield return Autoencoder(heldIn);
        using (var run = Load(Ddim(40), Cfg(options.Scale)))
        {
            yield return Set(run, heldIn, "held-in.png");
            yield return Set(run, heldOut, "held-out.png");
        }

        var few = PromptSet.HeldIn(options.Prompts / 8);
        foreach (var line in Sweep("guidance scale", "scale.png", [("Ddim(40)", Scales.Select(scale => (scale, Ddim(40) as Scheduler, scale)).ToArray())], few))
            yield return line;
        var curves = Samplers.Select(sampler => (sampler.Name, StepCounts.Select(steps => ((double)steps, sampler.Of(steps), options.Scale)).ToArray())).ToArray();
        foreach (var line in Sweep("steps", "steps.png", curves, PromptSet.HeldIn(options.Prompts / 16)))
            yield return line;
        yield return ClipGuided(few);
        yield return ColorGuided(few);
    }

    private JsonObject Autoencoder(PromptSet set)
    {
        using var guard = torch.no_grad();
        using var vae = AutoencoderKL.FromPretrained(Path.Combine(options.Model, "vae"));
        var (ratios, decoded) = (new List<double>(), new List<Image>());
        foreach (var chunk in set.Samples.Chunk(64))
        {
            using var scope = torch.NewDisposeScope();
            var pictures = Image.ToBatch(chunk.Select(sample => sample.Draw()));
            using var latents = vae.Encode(pictures);
            var again = vae.Decode(latents.Mode).clamp(-1, 1);
            ratios.AddRange((again - pictures).square().mean([1, 2, 3]).data<float>().ToArray().Select(error => 10 * Math.Log10(4 / error)));
            decoded.AddRange(Image.FromBatch(again));
        }

        return new JsonObject
        {
            ["name"] = "autoencoder",
            ["pictures"] = ratios.Count,
            ["PSNR in dB"] = Math.Round(ratios.Average(), 2),
            ["least"] = Math.Round(ratios.Min(), 2),
            ["all right of true pictures"] = Shares.Of(set.Samples, [.. set.Samples.Select(sample => sample.Draw())]).Everything,
            ["all right of decoded ones"] = Shares.Of(set.Samples, decoded).Everything,
        };
    }

    private JsonObject Set(LoadedPipeline run, PromptSet set, string grid)
    {
        var pictures = run.Generate(set.Prompts, seed: 0, batch: options.Batch);
        Image.Grid(pictures.Take(64), columns: 16, padding: 2, background: 64).Save(Path.Combine(options.Folder, grid));
        var (cosine, share) = judge.Judge([.. set.Prompts], pictures);
        var half = set.Samples.Count / 2;
        var real = set.Samples.Select(sample => sample.Draw()).ToArray();
        var json = Shares.Of(set.Samples, pictures).Json();
        json.Insert(0, "name", FormattableString.Invariant($"{set.Name}, Ddim(40), Cfg({options.Scale})"));
        json["CLIP: nearer to the caption than to false ones"] = Math.Round(share, 4);
        json["CLIP: cosine"] = Math.Round(cosine, 4);
        var (truth, found) = judge.Judge([.. set.Prompts], real);
        json["CLIP: nearer, true pictures"] = Math.Round(found, 4);
        json["CLIP: cosine, true pictures"] = Math.Round(truth, 4);
        json["Frechet distance"] = Math.Round(judge.Frechet(pictures, real), 4);
        json["Frechet distance of true halves"] = Math.Round(judge.Frechet(real.Take(half), real.Skip(half)), 4);
        return json;
    }

    // A curve for each entry: x, sampler and guidance scale of each point.
    private IEnumerable<JsonObject> Sweep(string across, string file, (string Name, (double X, Scheduler Sampler, double Scale)[] Points)[] curves, PromptSet set)
    {
        var plot = new LinePlot("quality of models/shapes", across, "share of pictures with everything right");
        foreach (var (name, points) in curves)
        {
            var shares = new List<double>();
            foreach (var (x, sampler, scale) in points)
            {
                using var run = Load(sampler, Cfg(scale));
                var found = Shares.Of(set.Samples, run.Generate(set.Prompts, seed: 0, batch: options.Batch));
                shares.Add(found.Everything);
                yield return new JsonObject { ["name"] = name, [across] = x, ["prompts"] = set.Samples.Count, ["shape and color"] = found.ShapeAndColor, ["all right"] = found.Everything };
            }

            plot = plot.Line(name, points.Select(point => point.X), shares);
        }

        plot.Save(Path.Combine(options.Folder, file));
    }

    // Without the prompt in the network: what CLIP guidance alone brings about.
    private JsonObject ClipGuided(PromptSet set)
    {
        var singles = set.Samples.Where(sample => sample.Request.Objects.Count == 1).Take(options.Prompts / 32).ToArray();
        var (plain, guided) = (new List<Image>(), new List<Image>());
        using (var run = Load(Ddim(40)))
            plain.AddRange(run.Generate(singles.Select(_ => ""), seed: 0, batch: options.Batch));
        for (var i = 0; i < singles.Length; i++)
        {
            using var run = Load(Ddim(40), Clip(singles[i].Caption, options.ClipScale, cuts: 4, throughNetwork: true).WithCutouts(Cutouts.Close));
            guided.AddRange(run.Generate("", 1, seed: i));
        }

        string[] captions = [.. singles.Select(sample => sample.Caption)];
        Image.Grid([.. plain.Take(16), .. guided.Take(16)], columns: 16, padding: 2, background: 64).Save(Path.Combine(options.Folder, "clip-guidance.png"));
        return new JsonObject
        {
            ["name"] = FormattableString.Invariant($"no prompt, Clip(caption, {options.ClipScale})"),
            ["pictures"] = singles.Length,
            ["CLIP cosine without"] = Math.Round(judge.Judge(captions, plain).Cosine, 4),
            ["CLIP cosine with"] = Math.Round(judge.Judge(captions, guided).Cosine, 4),
            ["shape and color without"] = Shares.Of(singles, plain).ShapeAndColor,
            ["shape and color with"] = Shares.Of(singles, guided).ShapeAndColor,
        };
    }

    private JsonObject ColorGuided(PromptSet set)
    {
        string[] prompts = [.. set.Prompts.Take(options.Prompts / 32)];
        using var plain = Load(Ddim(40), Cfg(options.Scale));
        using var guided = Load(Ddim(40), Cfg(options.Scale), Color(0.1, 0.9, 0.5, options.ColorScale));
        var (without, with) = (plain.Generate(prompts, seed: 0, batch: options.Batch), guided.Generate(prompts, seed: 0, batch: options.Batch));
        Image.Grid([.. without.Take(16), .. with.Take(16)], columns: 16, padding: 2, background: 64).Save(Path.Combine(options.Folder, "color-guidance.png"));
        return new JsonObject
        {
            ["name"] = FormattableString.Invariant($"Cfg({options.Scale}), Color(0.1, 0.9, 0.5, {options.ColorScale})"),
            ["pictures"] = prompts.Length,
            ["mean color without"] = Mean(without),
            ["mean color with"] = Mean(with),
        };
    }

    private static JsonArray Mean(IReadOnlyList<Image> pictures) =>
        new([.. Enumerable.Range(0, 3).Select(channel => (JsonNode)Math.Round(pictures.Average(picture => picture.Pixels.ToArray().Where((_, i) => i % 3 == channel).Average(value => value / 255.0)), 3))]);

    private LoadedPipeline Load(Scheduler sampler, params Guider[] guiders) =>
        Pipeline.From(model.Vae).Text(model.Clip).Unet(model.Unet).Scheduler(sampler).Guidance(guiders).Compile(CompileOptions.Default).Load();
}
