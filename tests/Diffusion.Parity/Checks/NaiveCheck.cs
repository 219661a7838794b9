using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// The diffusion course's first denoiser, <c>basic_unet.safetensors</c>: outputs <c>out.y…</c> of inputs <c>in.x…</c>, corruption
/// <c>corrupt.*</c>, the sampling loop <c>sample.*</c>, and the losses, first gradients and parameters of steps with Adam in <c>train_io.safetensors</c>.
/// </summary>
internal sealed class NaiveCheck : IParityCheck
{
    private const string WeightsName = "basic_unet.safetensors";

    public bool Takes(GoldenCase golden) => golden.IsModel && golden.Content.IsNull && File.Exists(Path.Combine(golden.Path, WeightsName));

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var weights = Path.Combine(golden.Path, WeightsName);
        using (var recorded = new Recording(Path.Combine(golden.Path, "io.safetensors")))
        using (var model = BasicUNet.Load(weights))
        {
            foreach (var input in recorded.Names.Where(name => name.StartsWith("in.x", StringComparison.Ordinal)))
            {
                var output = "out.y" + input["in.x".Length..];
                comparison.Close(output, recorded[output], model.call(recorded[input]));
            }

            if (recorded.Has("corrupt.out"))
            {
                comparison.Close("corrupt.out", recorded["corrupt.out"], NaiveCorruption.Apply(recorded["corrupt.x"], recorded["corrupt.noise"], recorded["corrupt.amount"]));
            }

            var steps = recorded.Names.Count(name => name.StartsWith("sample.step.", StringComparison.Ordinal));
            if (steps > 0)
            {
                Sampling(recorded, model, new NaiveSampler(steps), comparison);
            }
        }

        var training = Path.Combine(golden.Path, "train_io.safetensors");
        if (File.Exists(training))
        {
            using var recorded = new Recording(training);
            using var model = BasicUNet.Load(weights);
            Training(recorded, model, comparison);
        }
    }

    private static void Sampling(Recording recorded, BasicUNet model, NaiveSampler sampler, Comparison comparison)
    {
        var start = recorded["sample.x0"];
        foreach (var step in sampler.Stream(model.call, start))
        {
            comparison.Close($"sample.step.{step.Index}", recorded[$"sample.step.{step.Index}"], step.Sample);
        }

        comparison.Close("the last sample", recorded[$"sample.step.{sampler.Steps - 1}"], sampler.Run(model.call, start));
    }

    private static void Training(Recording recorded, BasicUNet model, Comparison comparison)
    {
        using var gradients = enable_grad();
        using var adam = new AdamW(model, weightDecay: 0);
        var rate = Rate(recorded);
        for (var step = 0; recorded.Has($"step{step}.x"); step++)
        {
            var clean = recorded[$"step{step}.x"];
            var noisy = NaiveCorruption.Apply(clean, recorded[$"step{step}.noise"], recorded[$"step{step}.amount"]);
            var loss = nn.functional.mse_loss(model.call(noisy), clean);
            loss.backward();
            comparison.Close($"step{step}.loss", recorded[$"step{step}.loss"], loss);
            if (step == 0)
            {
                Compare(recorded, model, "grad.", parameter => parameter.grad!, comparison);
            }

            adam.Step(rate);
            Compare(recorded, model, $"after{step + 1}.", parameter => parameter, comparison);
        }
    }

    private static void Compare(Recording recorded, BasicUNet model, string prefix, Func<Tensor, Tensor> value, Comparison comparison)
    {
        foreach (var (name, parameter) in model.named_parameters().Where(named => recorded.Has(prefix + named.name)))
        {
            comparison.Close(prefix + name, recorded[prefix + name], value(parameter));
        }
    }

    // "Adam lr=1e-3 betas=(0.9,0.999) eps=1e-8, 3 steps": the course's settings, said in the file's metadata.
    private static double Rate(Recording recorded)
    {
        const string key = "lr=";
        var text = recorded.Metadata("optimizer") ?? "";
        var start = text.IndexOf(key, StringComparison.Ordinal);
        var word = start < 0 ? "1e-3" : text[(start + key.Length)..].Split(' ', ',')[0];
        return double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
