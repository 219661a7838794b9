using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>The autoencoders against diffusers 0.30.3, and their files. The parity program's checks compare those that have weights here as well.</summary>
public sealed class AutoencoderParityTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autoencoders").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void OutputsEqualDiffusers()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Golden("vae_sd");
        var io = Goldens.Io("vae_sd");
        using var posterior = model.Encode(io["in.image"]);
        var sample = posterior.Sample(io["in.noise"]);

        foreach (var (name, actual) in new[]
        {
            ("moments", posterior.Moments),
            ("moments_odd", model.Encode(io["in.image_odd"]).Moments),
            ("mean", posterior.Mode),
            ("logvar", posterior.LogVariance),
            ("std", posterior.StandardDeviation),
            ("kl", posterior.Kl()),
            ("latent_sample", sample),
            ("decoded", model.Decode(sample)),
            ("decoded_latents", model.Decode(io["in.latents"])),
        })
        {
            Goldens.AssertClose(actual, io["out." + name], name, output);
        }
    }

    [Fact]
    public void OutputsWithGradientsRecordedAreTheSame()
    {
        using var scope = NewDisposeScope();
        using var model = Golden("vae_sd");
        var io = Goldens.Io("vae_sd");

        Goldens.AssertClose(model.forward(io["in.image"], io["in.noise"]), io["out.decoded"], "decoded", output);
    }

    [Fact]
    public void AFreshModelHasPythonsInitialValues()
    {
        using var scope = NewDisposeScope();
        using var kl = Golden("vae_sdxl");
        using var vq = VQModel.FromConfig(VQModelConfig.FromJson(Goldens.Config("vqmodel")), Goldens.Seed("vqmodel"));
        Assert.InRange(vq.state_dict()["quantize.embedding.weight"].abs().max().item<float>(), 0.9f / 32, 1f / 32);

        AssertSame(kl, "vae_sdxl", _ => true);
        Goldens.Perturb(vq, Goldens.Seed("vqmodel"));
        AssertSame(vq, "vqmodel", name => name != "quantize.embedding.weight"); // the reference's codebook was drawn apart
    }

    [Fact]
    public void OldCheckpointsAreRead()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Golden("vae_sd");
        var io = Goldens.Io("vae_sd");
        var vae = Directory.CreateDirectory(Path.Combine(_folder, "vae")).FullName;
        File.WriteAllText(Path.Combine(vae, "config.json"), model.Config.ToJson().ToIndentedString());
        Runtime.Weights.Safetensors.SafetensorsFile.Write(Path.Combine(vae, "diffusion_pytorch_model.safetensors"), model.state_dict().ToDictionary(entry => Old(entry.Key), entry => entry.Value), null);
        using var read = AutoencoderKL.FromPretrained(_folder); // the folder of a pipeline

        Assert.False(read.training);
        Goldens.AssertClose(read.Decode(io["in.latents"]), io["out.decoded_latents"], "decoded_latents", output);

        static string Old(string name) => name.Contains("attentions", StringComparison.Ordinal)
            ? name.Replace("to_q", "query", StringComparison.Ordinal).Replace("to_k", "key", StringComparison.Ordinal).Replace("to_v", "value", StringComparison.Ordinal).Replace("to_out.0", "proj_attn", StringComparison.Ordinal)
            : name;
    }

    [Fact]
    public void ASavedModelIsReadBack()
    {
        using var scope = NewDisposeScope();
        using var kl = AutoencoderKL.FromPretrained(Goldens.PathOf("models/vae_sdxl"));
        using var vq = VQModel.FromPretrained(Goldens.PathOf("models/vqmodel"), ScalarType.BFloat16);
        kl.SavePretrained(Path.Combine(_folder, "vae"));
        vq.SavePretrained(Path.Combine(_folder, "vqvae"));
        using var kl2 = AutoencoderKL.FromPretrained(_folder);
        using var vq2 = VQModel.FromPretrained(_folder, ScalarType.BFloat16);

        Assert.Equal(ScalarType.BFloat16, vq.DType);
        Assert.Equal(kl.Config, kl2.Config);
        Assert.Equal(vq.Config, vq2.Config);
        Assert.All(kl.named_parameters().Zip(kl2.named_parameters()), pair => Assert.True(pair.First.parameter.Equals(pair.Second.parameter), pair.First.name));
        Assert.All(vq.named_parameters().Zip(vq2.named_parameters()), pair => Assert.True(pair.First.parameter.Equals(pair.Second.parameter), pair.First.name));
        Assert.Equal(File.ReadAllText(Goldens.PathOf("models/vae_sdxl/config.json")), File.ReadAllText(Path.Combine(_folder, "vae", "config.json")));
    }

    [Fact]
    public void MissingNamesAreTold()
    {
        File.Copy(Goldens.PathOf("models/vae_sd/config.json"), Path.Combine(_folder, "config.json"));
        Assert.Equal("DIF0502", Assert.Throws<DiffusionException>(() => AutoencoderKL.FromPretrained(_folder)).Id);

        File.Copy(Goldens.PathOf("models/vae_sdxl/diffusion_pytorch_model.safetensors"), Path.Combine(_folder, "diffusion_pytorch_model.safetensors"));
        var error = Assert.Throws<DiffusionException>(() => AutoencoderKL.FromPretrained(_folder));
        Assert.Equal("DIF0511", error.Id);
        Assert.Contains("missing from the file (decoder.up_blocks.0.resnets.2.conv1.bias [16]", error.Message, StringComparison.Ordinal);

        Assert.Equal("DIF0408", Assert.Throws<DiffusionException>(() => AutoencoderKL.FromPretrained(Goldens.PathOf("models/vqmodel"))).Id);
        Assert.Equal("DIF0501", Assert.Throws<DiffusionException>(() => VQModel.FromPretrained(Path.Combine(_folder, "nowhere"))).Id);
    }

    private static void AssertSame(nn.Module model, string name, Func<string, bool> compared)
    {
        var stored = SafetensorsFile.Read(Goldens.PathOf($"models/{name}/diffusion_pytorch_model.safetensors"));
        Assert.Equal(stored.Keys.Order(), model.state_dict().Keys.Order());
        Assert.All(model.named_parameters().Where(named => compared(named.name)), named => Assert.True((named.parameter - stored[named.name]).abs().max().item<float>() <= 1e-7f, named.name));
    }

    private static AutoencoderKL Golden(string name)
    {
        var model = AutoencoderKL.FromConfig(AutoencoderKLConfig.FromJson(Goldens.Config(name)), Goldens.Seed(name));
        Goldens.Perturb(model, Goldens.Seed(name));

        return model;
    }
}
