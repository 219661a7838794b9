using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

public sealed class UNet2DFileTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unet2d").FullName;

    [Theory]
    [InlineData("unet2d_nonsquare_center", "unet2d_nonsquare_center")]
    [InlineData("unet2d_celebahq_tiny_oldkeys", "unet2d_celebahq_tiny")]
    public void ALoadedModelEqualsDiffusers(string folder, string reference)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = UNet2DModel.FromPretrained(Goldens.PathOf("models/" + folder));
        var io = Goldens.Io(reference);

        Assert.False(model.training);
        Goldens.AssertClose(model.forward(io["in.sample"], io["in.timestep"]), io["out.sample"], folder, output);
    }

    [Fact]
    public void ASavedModelIsReadBackFromItsFolderAndFromAPipelines()
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromPretrained(Goldens.PathOf("models/unet2d_nonsquare_center"));
        model.SavePretrained(Path.Combine(_folder, "unet"));
        using var read = UNet2DModel.FromPretrained(_folder);

        Assert.Equal(model.Config, read.Config);
        Assert.All(model.named_parameters().Zip(read.named_parameters()), pair => Assert.True(pair.First.parameter.Equals(pair.Second.parameter), pair.First.name));
        Assert.Equal(["config.json", "diffusion_pytorch_model.safetensors"], Directory.GetFiles(Path.Combine(_folder, "unet")).Select(Path.GetFileName).Order());
        Assert.Equal(
            File.ReadAllText(Goldens.PathOf("models/unet2d_nonsquare_center/config.json")),
            File.ReadAllText(Path.Combine(_folder, "unet", "config.json")));
    }

    [Fact]
    public void ParametersHaveTheTypeAskedFor()
    {
        using var model = UNet2DModel.FromPretrained(Goldens.PathOf("models/unet2d_nonsquare_center"), ScalarType.BFloat16);

        Assert.Equal(ScalarType.BFloat16, model.DType);
    }

    [Fact]
    public void WhatIsNotThereOrNotAModelIsTold()
    {
        Assert.Equal("DIF0501", Assert.Throws<DiffusionException>(() => UNet2DModel.FromPretrained(Path.Combine(_folder, "nowhere"))).Id);
        Assert.Equal("DIF0501", Assert.Throws<DiffusionException>(() => UNet2DModel.FromPretrained(_folder)).Id);

        File.WriteAllText(Path.Combine(_folder, "config.json"), "{\"_class_name\": \"UNet2DModel\",}");
        Assert.Equal("DIF0580", Assert.Throws<DiffusionException>(() => UNet2DModel.FromPretrained(_folder)).Id);

        File.WriteAllText(Path.Combine(_folder, "config.json"), UNet2DConfig.Course.ToJson().ToIndentedString());
        Assert.Equal("DIF0502", Assert.Throws<DiffusionException>(() => UNet2DModel.FromPretrained(_folder)).Id);

        File.Copy(Goldens.PathOf("models/unet2d_nonsquare_center/diffusion_pytorch_model.safetensors"), Path.Combine(_folder, "diffusion_pytorch_model.safetensors"));
        Assert.Equal("DIF0511", Assert.Throws<DiffusionException>(() => UNet2DModel.FromPretrained(_folder)).Id);
    }

    [Theory]
    [InlineData("mid_block.attentions.0.query.weight", "mid_block.attentions.0.to_q.weight")]
    [InlineData("mid_block.attentions.0.key.bias", "mid_block.attentions.0.to_k.bias")]
    [InlineData("up_blocks.1.attentions.2.value.weight", "up_blocks.1.attentions.2.to_v.weight")]
    [InlineData("up_blocks.1.attentions.2.proj_attn.bias", "up_blocks.1.attentions.2.to_out.0.bias")]
    [InlineData("up_blocks.1.attentions.2.group_norm.bias", "up_blocks.1.attentions.2.group_norm.bias")]
    [InlineData("mid_block.attentions.0.to_q.weight", "mid_block.attentions.0.to_q.weight")]
    [InlineData("down_blocks.0.resnets.0.conv_shortcut.weight", "down_blocks.0.resnets.0.conv_shortcut.weight")]
    [InlineData("time_proj.W", "time_proj.weight")]
    public void OldNamesBecomeTodays(string old, string now) => Assert.Equal(now, UNet2DKeys.Rename(old));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
