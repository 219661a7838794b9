using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>
/// Reference inputs and outputs of models, computed by diffusers 0.30.3, under <c>Golden/models</c>. Their weights are not stored: the models
/// were made after <c>torch.manual_seed(seed)</c> and then perturbed from a second generator, and both are repeated here number for number.
/// </summary>
internal static class Goldens
{
    private static readonly Dictionary<string, long> Seeds = new()
    {
        ["unet2d_mnist"] = 289202925,
        ["unet2d_celebahq_tiny"] = 414324806,
        ["unet2d_classcond"] = 707302812,
        ["unet2d_scale_shift"] = 1725828340,
        ["unet2d_nonsquare_center"] = 1864226868,
        ["unet2d_train"] = 1953133944,
        ["unetcond_sd1"] = 410964469,
        ["unetcond_sd2"] = 920589801,
        ["unetcond_inpaint9"] = 390206553,
        ["unetcond_sdxl"] = 1897458124,
        ["unetcond_classembed"] = 1705649369,
        ["vae_sd"] = 415184624,
        ["vae_sdxl"] = 2102200005,
        ["vqmodel"] = 670654528,
        ["cliptext_sd1_quickgelu"] = 1431127068,
        ["cliptextproj_sdxl"] = 742636695,
        ["clipmodel"] = 505644088,
    };

    public static string PathOf(string relative) => Repository.PathOf("tests/Diffusion.Tests/Golden/" + relative);

    public static JsonValue Config(string model) => JsonValue.Parse(File.ReadAllText(PathOf($"models/{model}/config.json")), model);

    public static Dictionary<string, Tensor> Io(string model) => SafetensorsFile.Read(PathOf($"models/{model}/io.safetensors"));

    public static long Seed(string model) => Seeds[model];

    /// <summary>
    /// What was done to a freshly made model, so that no parameter is 0 or 1: in the order of the names, biases, norms and single numbers get 0.15 z, weights
    /// 0.02 (std + 0.001) z.
    /// </summary>
    /// <param name="model">A model made from <see cref="Seed"/>.</param>
    /// <param name="seed">That seed.</param>
    /// <param name="half">Whether the golden weights were stored in float16.</param>
    public static void Perturb(nn.Module model, long seed, bool half = false)
    {
        using var noGrad = no_grad();
        using var generator = new Generator((ulong)seed + 1);
        foreach (var (_, parameter) in model.named_parameters().OrderBy(named => named.name, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            var z = randn(parameter.shape, ScalarType.Float32, generator: generator);
            parameter.add_(parameter.dim() <= 1 ? 0.15 * z : 0.02 * (parameter.std() + 1e-3) * z);
            if (half)
                parameter.copy_(parameter.to(ScalarType.Float16));
        }
    }

    /// <summary>|a − b| ≤ 1e-5 + 1e-5 max|b| everywhere; the greatest difference is printed.</summary>
    public static void AssertClose(Tensor actual, Tensor expected, string what, ITestOutputHelper output)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        var error = (actual - expected).abs().max().item<float>();
        var allowed = 1e-5 + (1e-5 * expected.abs().max().item<float>());
        output.WriteLine($"{what}: greatest difference {error:E2}, allowed {allowed:E2}");
        Assert.True(error <= allowed, $"{what}: greatest difference {error:E2}, allowed {allowed:E2}");
    }
}
