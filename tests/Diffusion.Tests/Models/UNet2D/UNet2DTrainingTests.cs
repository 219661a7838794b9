using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Models;

/// <summary>Gradients and three steps of AdamW against PyTorch.</summary>
public sealed class UNet2DTrainingTests(ITestOutputHelper output)
{
    [Fact]
    public void LossesGradientsAndThreeStepsEqualPython()
    {
        using var scope = NewDisposeScope();
        var seed = Goldens.Seed("unet2d_train");
        using var model = UNet2DModel.FromConfig(UNet2DConfig.FromJson(Goldens.Config("unet2d_train")), seed);
        Goldens.Perturb(model, seed);
        model.train();
        var io = Goldens.Io("unet2d_train");
        var named = model.named_parameters().ToDictionary(parameter => parameter.name, parameter => parameter.parameter);
        using var optimizer = optim.AdamW(model.parameters(), lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01);

        for (var step = 0; step < 3; step++)
        {
            optimizer.zero_grad();
            var loss = F.mse_loss(model.forward(io[$"step{step}.x"], io[$"step{step}.t"]), io[$"step{step}.target"]);
            loss.backward();
            Goldens.AssertClose(loss.detach(), io[$"step{step}.loss"], $"loss of step {step}", output);
            if (step == 0)
            {
                Compare(io, "grad.", name => named[name].grad!);
                Goldens.AssertClose(stack(named.Values.Select(parameter => parameter.grad!.square().sum())).sum().sqrt(), io["grad_norm_total"], "norm of all gradients", output);
                Assert.All(named.Where(parameter => parameter.Key.EndsWith(".to_k.bias", StringComparison.Ordinal)), key => Assert.InRange(key.Value.grad!.abs().max().item<float>(), 0, 1e-8f));
            }

            optimizer.step();
            if (step != 1)
                Compare(io, $"after{step + 1}.", name => named[name].detach());
        }
    }

    private void Compare(Dictionary<string, Tensor> io, string prefix, Func<string, Tensor> actual)
    {
        var keys = io.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(keys);
        foreach (var key in keys)
        {
            // Softmax does not see a bias of the keys: its gradient is 0 but for rounding, which AdamW scales up to a step. Any step is right.
            if (key.EndsWith(".to_k.bias", StringComparison.Ordinal))
                Assert.InRange((actual(key[prefix.Length..]) - io[key]).abs().max().item<float>(), 0, 3 * 1e-3f);
            else
                Goldens.AssertClose(actual(key[prefix.Length..]), io[key], key, output);
        }
    }
}
