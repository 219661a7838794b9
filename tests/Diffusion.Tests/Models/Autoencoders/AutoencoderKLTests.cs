using System;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Models;

public sealed class AutoencoderKLTests
{
    private static readonly AutoencoderKLConfig Tiny = TinyAutoencoders.Kl;

    [Fact]
    public void TheNumberOfParametersIsTheKnownOne()
    {
        using var sd = AutoencoderKL.FromConfig(AutoencoderKLConfig.Sd, LayerOptions.Shapes());
        using var sdxl = AutoencoderKL.FromConfig(AutoencoderKLConfig.Sdxl, LayerOptions.Shapes());
        var parts = sd.named_children().ToDictionary(child => child.name, child => child.module.parameters().Sum(parameter => parameter.numel()));

        Assert.Equal(83_653_863, sd.ParameterCount);
        Assert.Equal(83_653_863, sdxl.ParameterCount);
        Assert.Equal(34_163_592, parts["encoder"]);
        Assert.Equal(49_490_179, parts["decoder"]);
        Assert.Equal(72 + 20, parts["quant_conv"] + parts["post_quant_conv"]);
        Assert.Equal(DeviceType.META, sd.Device.type);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TheSummaryAddsUp(int depth)
    {
        using var model = AutoencoderKL.FromConfig(AutoencoderKLConfig.Sd, LayerOptions.Shapes());
        var lines = model.Summary(64, 64, depth).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();

        Assert.Equal(["total", "AutoencoderKL", "83,653,863"], lines[^1][..3]);
        Assert.Equal(83_653_863, lines[1..^1].Sum(line => Number(line[^2])));
        Assert.Equal(Number(lines[^1][^1]), lines[1..^1].Sum(line => Number(line[^1])));

        static long Number(string text) => long.Parse(text.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    [Fact]
    public void ItIsPrintedAsInPython()
    {
        using var model = AutoencoderKL.FromConfig(Tiny, LayerOptions.Shapes());
        var text = model.Print();

        Assert.StartsWith("AutoencoderKL(\n  (encoder): Encoder(\n    (conv_in): Conv2d(1, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))\n    (down_blocks): ModuleList(\n      (0): DownEncoderBlock2D(\n", text, StringComparison.Ordinal);
        Assert.Contains("(downsamplers): ModuleList(\n          (0): Downsample2D(\n            (conv): Conv2d(8, 8, kernel_size=(3, 3), stride=(2, 2))\n", text, StringComparison.Ordinal);
        Assert.EndsWith("  (quant_conv): Conv2d(8, 8, kernel_size=(1, 1), stride=(1, 1))\n  (post_quant_conv): Conv2d(4, 4, kernel_size=(1, 1), stride=(1, 1))\n)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void BlocksAndSwitchesLeaveTheirNames()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = Tiny.WithMidBlockAttention(false).WithQuantConvs(false) with
        {
            DownBlockTypes = EquatableArray.Of("DownEncoderBlock2D", "AttnDownEncoderBlock2D"),
            UpBlockTypes = EquatableArray.Of("AttnUpDecoderBlock2D", "UpDecoderBlock2D"),
        };
        using var model = AutoencoderKL.FromConfig(config, 1);
        var names = model.state_dict().Keys.ToArray();

        Assert.Equal([2, 1, 8, 8], model.forward(TinyAutoencoders.Noise(2, 1, 8, 8)).shape);
        Assert.Contains("encoder.down_blocks.1.attentions.0.to_out.0.weight", names);
        Assert.Contains("decoder.up_blocks.0.attentions.1.group_norm.bias", names);
        Assert.DoesNotContain(names, name => name.Contains("mid_block.attentions", StringComparison.Ordinal) || name.Contains("quant_conv", StringComparison.Ordinal));
    }

    [Fact]
    public void OtherActivationsRun()
    {
        foreach (var activation in new[] { "swish", "mish", "gelu", "relu" })
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var model = AutoencoderKL.FromConfig(Tiny with { ActFn = activation }, 1);

            Assert.Equal([1, 1, 8, 8], model.forward(TinyAutoencoders.Noise(1, 1, 8, 8)).shape);
        }
    }

    [Fact]
    public void TrainingLowersTheLoss()
    {
        using var scope = NewDisposeScope();
        using var model = AutoencoderKL.FromConfig(Tiny, 1);
        using var optimizer = optim.AdamW(model.parameters(), lr: 3e-3);
        using var generator = new Generator(2);
        var images = randn([4, 1, 8, 8], generator: generator).clamp(-1, 1);
        var losses = Enumerable.Range(0, 8).Select(step =>
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var posterior = model.Encode(images);
            var loss = F.mse_loss(model.Decode(posterior.Sample(step)), images) + (1e-6 * posterior.Kl().mean());
            loss.backward();
            optimizer.step();
            return loss.item<float>();
        }).ToArray();

        Assert.True(losses[^1] < 0.9f * losses[0], string.Join(", ", losses));
        Assert.All(model.named_parameters(), named => Assert.False(named.parameter.grad is null, named.name));
    }

    [Fact]
    public void CheckpointedGradientsAreTheSame()
    {
        using var scope = NewDisposeScope();
        using var model = AutoencoderKL.FromConfig(Tiny, 1);
        var (images, noise) = (TinyAutoencoders.Noise(2, 1, 8, 8), TinyAutoencoders.Noise(2, 4, 4, 4));
        var plain = Gradients();
        model.CheckpointGradients = true;

        Assert.All(plain.Zip(Gradients()), pair => Near(pair.First, pair.Second, 1e-5f));

        Tensor[] Gradients()
        {
            model.zero_grad();
            model.forward(images, noise).square().sum().backward();
            return [.. model.parameters().Select(parameter => parameter.grad!.clone())];
        }
    }

    [Fact]
    public void ForwardDecodesTheMostLikelyOrADrawnLatent()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = AutoencoderKL.FromConfig(Tiny, 1);
        var (images, noise) = (TinyAutoencoders.Noise(1, 1, 8, 8), TinyAutoencoders.Noise(1, 4, 4, 4));
        using var posterior = model.Encode(images);

        Assert.True(model.forward(images).Equals(model.Decode(posterior.Mode)));
        Assert.True(model.forward(images, noise).Equals(model.Decode(posterior.Sample(noise))));
    }

    [Fact]
    public void LatentsForDiffusionComeBack()
    {
        using var scope = NewDisposeScope();
        foreach (var config in new[] { Tiny, Tiny.WithScaling(0.5, 0.25), Tiny.WithLatentStatistics(EquatableArray.Of(1.0, 2, 3, 4), EquatableArray.Of(0.5, 1, 2, 4)) })
        {
            using var model = AutoencoderKL.FromConfig(config, LayerOptions.Unset());
            var latents = TinyAutoencoders.Noise(2, 4, 3, 5);
            Near(latents, model.Unscale(model.Scale(latents)), 1e-6f);
        }

        using var shifted = AutoencoderKL.FromConfig(Tiny.WithScaling(0.5, 0.25), LayerOptions.Unset());
        Near(full([1, 4, 1, 1], 0.375f), shifted.Scale(ones(1, 4, 1, 1)), 1e-6f);
        using var measured = AutoencoderKL.FromConfig(Tiny.WithScaling(2).WithLatentStatistics(EquatableArray.Of(1.0, 2, 3, 4), EquatableArray.Of(0.5, 1, 2, 4)), LayerOptions.Unset());
        Near(tensor(new float[] { 0, -2, -2, -1.5f }, [1, 4, 1, 1]), measured.Scale(ones(1, 4, 1, 1)), 1e-6f);
    }

    [Fact]
    public void AModelMovedToBFloat16Runs()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = AutoencoderKL.FromConfig(Tiny, 1);
        var images = TinyAutoencoders.Noise(1, 1, 8, 8);
        var exact = model.forward(images);
        model.to(ScalarType.BFloat16);

        Assert.Equal(ScalarType.BFloat16, model.DType);
        Assert.InRange((model.forward(images.to(ScalarType.BFloat16)).to(ScalarType.Float32) - exact).abs().max().item<float>(), 1e-6f, 0.2f);
    }

    [Fact]
    public void NoTensorOutlivesAPass()
    {
        using var model = AutoencoderKL.FromConfig(Tiny, 1);
        using var images = TinyAutoencoders.Noise(2, 1, 24, 24);
        using var noGrad = no_grad();
        using (NewDisposeScope())
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            foreach (var memory in new[] { VaeMemory.Whole, VaeMemory.Sliced, VaeMemory.Tiled(8), VaeMemory.Tiled(8).WithSlices(true) })
            {
                using (var posterior = model.Encode(images, memory))
                {
                    Assert.Equal(before + 4, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
                    model.Decode(posterior.Mean, memory).Dispose();
                    Assert.Equal(before + 4, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
                }

                model.forward(images).Dispose();
                Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            }
        }
    }

    [Fact]
    public void WrongTensorsAreRefused()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = AutoencoderKL.FromConfig(Tiny, 1);

        Refused("DIF0410: the tensor of images has the shape [1, 3, 8, 8]; AutoencoderKL takes [N, 1, H, W], so give 1 channels", () => model.Encode(zeros(1, 3, 8, 8)));
        Refused("DIF0410: the tensor of images has the shape [8, 8]; AutoencoderKL takes [N, 1, H, W], so give 1 channels", () => model.forward(zeros(8, 8)));
        Refused("DIF0410: the tensor of images has the shape [0, 1, 8, 8]; AutoencoderKL takes at least one pixel, so give an image", () => model.Encode(zeros(0, 1, 8, 8)));
        Refused("DIF0410: the tensor of images has the shape [1, 1, 8, 1]; AutoencoderKL takes heights and widths of at least 2, so give larger images", () => model.Encode(zeros(1, 1, 8, 1)));
        Refused("DIF0410: the tensor of latents has the shape [1, 3, 4, 4]; AutoencoderKL takes [N, 4, H, W], so give 4 channels", () => model.Decode(zeros(1, 3, 4, 4)));
        Refused("DIF0410: the tensor of latents has the shape [1, 3, 4, 4]; AutoencoderKL takes [N, 4, H, W], so give 4 channels", () => model.Unscale(zeros(1, 3, 4, 4)));
        Refused("DIF0432: height is 9, but the VAE shrinks images by 2, so it must be a positive multiple of 2; choose 8 or 10", () => model.forward(zeros(1, 1, 9, 8)));
        Refused("DIF0432: width is 7, but the VAE shrinks images by 2, so it must be a positive multiple of 2; choose 6 or 8", () => model.Summary(8, 7));
        Refused("DIF0432: the tile size is 7, but the VAE shrinks images by 2, so it must be a positive multiple of 2; choose 6 or 8", () => model.Decode(zeros(1, 4, 4, 4), VaeMemory.Tiled(7)));
        Assert.Equal([1, 8, 4, 3], model.Encode(zeros(1, 1, 9, 7)).Moments.shape);
    }

    [Fact]
    public void AFaultyConfigurationIsToldWhole()
    {
        var error = Assert.Throws<DiffusionException>(() => AutoencoderKL.FromConfig(Tiny with { ActFn = "tanh", NormNumGroups = 5 }));

        Assert.Equal(["DIF0404", "DIF0403", "DIF0403"], error.Findings.Select(finding => finding.Rule.Id));
    }

    private static void Refused(string message, Func<object> call) => Assert.Equal(message, Assert.Throws<DiffusionException>(call).Message);

    private static void Near(Tensor expected, Tensor actual, float tolerance) =>
        Assert.InRange((actual - expected).abs().max().item<float>(), 0, tolerance * (1 + expected.abs().max().item<float>()));
}
