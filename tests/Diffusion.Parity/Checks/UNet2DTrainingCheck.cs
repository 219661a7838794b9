using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// UNet2DModel trained on recorded batches <c>step0.x</c>, <c>step0.t</c>, <c>step0.target</c>, …: each <c>stepN.loss</c>, the first gradients
/// <c>grad.NAME</c> and their whole norm, and the parameters <c>afterN.NAME</c> after N steps of the optimizer in optimizer.json.
/// </summary>
internal sealed class UNet2DTrainingCheck : IParityCheck
{
    // Below this share of the largest gradient an element is rounding: softmax, for one, does not see a bias of the keys, whose gradient is 0.
    // AdamW divides by the gradient's own size, so that its first steps go a whole learning rate either way there.
    private const double Rounding = 1e-6;

    public bool Takes(GoldenCase golden) => golden.IsModel && golden.Word("_class_name") == "UNet2DModel" && File.Exists(Path.Combine(golden.Path, "optimizer.json"));

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var optimizer = JsonValue.Parse(File.ReadAllText(Path.Combine(golden.Path, "optimizer.json")), "optimizer.json");
        if (!optimizer.Word("optimizer").EndsWith("AdamW", StringComparison.Ordinal))
        {
            throw new GoldenException($"the optimizer is {optimizer.Word("optimizer")}, but only AdamW is known here");
        }

        using var recorded = new Recording(Path.Combine(golden.Path, "io.safetensors"));
        using var model = UNets.Load(golden.Content, UNets.Weights(golden.Path)[0]);
        var betas = optimizer.List("betas").Select(beta => beta.AsDouble()).ToArray();
        using var adam = new AdamW(model, betas[0], betas[1], optimizer.Number("eps"), optimizer.Number("weight_decay"));
        using var gradients = enable_grad();
        model.train();
        var unsure = new Dictionary<string, Tensor>();
        for (var step = 0; recorded.Has($"step{step}.x"); step++)
        {
            var output = model.call(recorded[$"step{step}.x"], recorded[$"step{step}.t"], null);
            var loss = nn.functional.mse_loss(output, recorded[$"step{step}.target"]);
            loss.backward();
            comparison.Close($"step{step}.loss", recorded[$"step{step}.loss"], loss);
            if (step == 0)
            {
                Gradients(recorded, model, comparison);
            }

            Collect(model, unsure);
            adam.Step(optimizer.Number("lr"));
            Parameters(recorded, model, $"after{step + 1}.", unsure, 2 * (step + 1) * optimizer.Number("lr"), comparison);
        }
    }

    private static void Gradients(Recording recorded, UNet2DModel model, Comparison comparison)
    {
        var gradients = model.named_parameters().Where(named => named.parameter.grad is not null).ToDictionary(named => "grad." + named.name, named => named.parameter.grad!);
        foreach (var name in recorded.Names.Where(name => name.StartsWith("grad.", StringComparison.Ordinal)))
        {
            comparison.Close(name, recorded[name], gradients.GetValueOrDefault(name) ?? throw new GoldenException($"the model has no gradient '{name}'"));
        }

        if (recorded.Find("grad_norm_total") is { } norm)
        {
            comparison.Close("grad_norm_total", norm, stack(gradients.Values.Select(gradient => gradient.norm())).norm());
        }
    }

    // Which elements of each parameter had a gradient of rounding in some step.
    private static void Collect(UNet2DModel model, Dictionary<string, Tensor> unsure)
    {
        var gradients = model.named_parameters().Where(named => named.parameter.grad is not null).ToDictionary(named => named.name, named => named.parameter.grad!.abs());
        var limit = Rounding * gradients.Values.Max(gradient => gradient.max().item<float>());
        foreach (var (name, gradient) in gradients)
        {
            unsure[name] = unsure.TryGetValue(name, out var before) ? before.logical_or(gradient <= limit) : gradient <= limit;
        }
    }

    private static void Parameters(Recording recorded, UNet2DModel model, string prefix, Dictionary<string, Tensor> unsure, double reach, Comparison comparison)
    {
        var parameters = model.named_parameters().ToDictionary(named => prefix + named.name, named => named.parameter);
        foreach (var name in recorded.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var (expected, actual) = (recorded[name], parameters.GetValueOrDefault(name) ?? throw new GoldenException($"the model has no parameter '{name}'"));
            comparison.Within(name, expected, actual, reach);
            comparison.Close(name, expected, actual.detach().where(unsure[name[prefix.Length..]].logical_not(), expected));
        }
    }
}
