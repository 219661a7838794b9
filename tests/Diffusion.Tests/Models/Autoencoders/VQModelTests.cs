using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Models;

public sealed class VQModelTests
{
    private static readonly VQModelConfig Tiny = TinyAutoencoders.Vq;

    [Fact]
    public void TheNumberOfParametersIsTheKnownOne()
    {
        using var model = VQModel.FromConfig(VQModelConfig.VqF4, LayerOptions.Shapes());
        var summary = model.Summary(64, 64, depth: 2);

        Assert.Equal(55_322_782, model.ParameterCount);
        Assert.Contains("55,322,782", summary, StringComparison.Ordinal);
        Assert.Contains("quantize.embedding", summary, StringComparison.Ordinal);
        Assert.Contains("  (quantize): VectorQuantizer(\n    (embedding): Embedding(8192, 3)\n  )\n", model.Print(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheNearestVectorIsTheNearest()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = VQModel.FromConfig(Tiny, 1);
        var codebook = model.state_dict()["quantize.embedding.weight"];
        var latents = TinyAutoencoders.Noise(2, 3, 4, 5) / 12;
        using var quantized = model.Quantize(latents);
        var distances = (latents.permute(0, 2, 3, 1).unsqueeze(3) - codebook).square().sum(-1);

        Assert.True(distances.argmin(-1).Equals(quantized.Indices));
        Assert.True(codebook.index_select(0, quantized.Indices.flatten()).view(2, 4, 5, 3).permute(0, 3, 1, 2).Equals(quantized.Quantized));
        Assert.True(model.Lookup(quantized.Indices).Equals(quantized.Quantized));
        Assert.True(model.DecodeQuantized(quantized.Quantized).Equals(model.Decode(latents)));
        Near((quantized.Quantized - latents).square().mean(), quantized.CommitmentLoss);
        Near(quantized.CommitmentLoss * 1.25, quantized.Loss());
    }

    [Fact]
    public void GradientsPassStraightThrough()
    {
        using var scope = NewDisposeScope();
        using var model = VQModel.FromConfig(Tiny, 1);
        var latents = TinyAutoencoders.Noise(1, 3, 2, 2).requires_grad_();
        using var quantized = model.Quantize(latents);
        quantized.Quantized.sum().backward();
        Assert.True(latents.grad!.Equals(ones_like(latents)));

        latents.grad.zero_();
        quantized.CodebookLoss.backward();
        Assert.Equal(0, latents.grad.abs().max().item<float>());
        Assert.NotEqual(0, model.named_parameters().Single(named => named.name == "quantize.embedding.weight").parameter.grad!.abs().max().item<float>());
        quantized.CommitmentLoss.backward();
        Assert.NotEqual(0, latents.grad.abs().max().item<float>());
    }

    [Fact]
    public void TrainingLowersTheLoss()
    {
        using var scope = NewDisposeScope();
        using var model = VQModel.FromConfig(Tiny, 1);
        using var optimizer = optim.AdamW(model.parameters(), lr: 3e-3);
        using var generator = new Generator(2);
        var images = randn([4, 1, 8, 8], generator: generator).clamp(-1, 1);
        var losses = Enumerable.Range(0, 8).Select(_ =>
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var quantized = model.Quantize(model.Encode(images));
            var loss = F.mse_loss(model.DecodeQuantized(quantized.Quantized), images) + quantized.Loss();
            loss.backward();
            optimizer.step();
            return loss.item<float>();
        }).ToArray();

        Assert.True(losses[^1] < 0.9f * losses[0], string.Join(", ", losses));
        Assert.All(model.named_parameters(), named => Assert.False(named.parameter.grad is null, named.name));
    }

    [Fact]
    public void VectorsMayHaveAnotherLengthThanTheDecodersInput()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = VQModel.FromConfig(Tiny.WithCodebook(7, length: 5), 1);

        Assert.Equal([2, 5, 4, 4], model.Encode(TinyAutoencoders.Noise(2, 1, 8, 8)).shape);
        Assert.Equal([2, 1, 8, 8], model.forward(TinyAutoencoders.Noise(2, 1, 8, 8)).shape);
    }

    [Fact]
    public void NoTensorOutlivesAPass()
    {
        using var model = VQModel.FromConfig(Tiny, 1);
        using var images = TinyAutoencoders.Noise(2, 1, 8, 8);
        using var noGrad = no_grad();
        using (NewDisposeScope())
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            model.forward(images).Dispose();
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            using (var latents = model.Encode(images))
                model.Quantize(latents).Dispose();
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Fact]
    public void WrongTensorsAreRefused()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = VQModel.FromConfig(Tiny, 1);

        Refused("DIF0410: the tensor of images has the shape [1, 3, 8, 8]; VQModel takes [N, 1, H, W], so give 1 channels", () => model.Encode(zeros(1, 3, 8, 8)));
        Refused("DIF0410: the tensor of latents has the shape [1, 4, 4, 4]; VQModel takes [N, 3, H, W], so give 3 channels", () => model.Decode(zeros(1, 4, 4, 4)));
        Refused("DIF0410: the tensor of indices has the shape [16]; VQModel takes [N, h, w], so give one index for each latent pixel", () => model.Lookup(zeros(16, ScalarType.Int64)));
        Refused("DIF0412: the tensor of indices holds 12, and this model has 12 vectors in its codebook; choose 0 to 11", () => model.Lookup(full([1, 1, 1], 12, ScalarType.Int64)));
        Refused("DIF0432: width is 9, but the VAE shrinks images by 2, so it must be a positive multiple of 2; choose 8 or 10", () => model.forward(zeros(1, 1, 8, 9)));
        Assert.Equal("DIF0405", Assert.Throws<DiffusionException>(() => VQModel.FromConfig(Tiny.WithCodebook(0))).Id);
    }

    private static void Refused(string message, Func<object> call) => Assert.Equal(message, Assert.Throws<DiffusionException>(call).Message);

    private static void Near(Tensor expected, Tensor actual) => Assert.InRange((actual - expected).abs().max().item<float>(), 0, 1e-6f * (1 + expected.abs().max().item<float>()));
}
