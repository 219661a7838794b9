using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Training;

public sealed class AutoencoderTaskTests
{
    [Fact]
    public void TheLossIsL1AndEdgesAndALittleDivergence()
    {
        using var scope = NewDisposeScope();
        using var task = new AutoencoderTask(Model(), perceptual: 0.7, divergence: 0.02);
        var (batch, draws) = Step(task, 3);
        var loss = task.Loss(batch, draws).item<float>();

        var model = (AutoencoderKL)task.Model;
        using var latents = model.Encode(batch.Images);
        var difference = model.Decode(latents.Sample(draws[0])) - batch.Images;
        var (edges, rest) = (zeros(1), difference);
        for (var level = 0; level < 3; level++)
        {
            var half = F.avg_pool2d(rest, 2);
            edges += (rest - half.repeat_interleave(2, 2).repeat_interleave(2, 3)).abs().mean();
            rest = half;
        }

        var expected = difference.abs().mean().item<float>() + (0.7 * ((edges + rest.abs().mean()) / 4).item<float>()) + (0.02 * latents.Kl().mean().item<float>() / (3 * 32 * 32));
        Assert.Equal(expected, loss, tolerance: 1e-5);
    }

    [Fact]
    public void WindowsAreWhereSomethingIs()
    {
        using var scope = NewDisposeScope();
        using var task = new AutoencoderTask(Model()) { Window = 16, WholeEvery = 1_000_000 };
        var (batch, draws) = Step(task, 4);
        batch.Images.fill_(-1);
        batch.Images.narrow(2, 16, 4).narrow(3, 16, 4).fill_(1);
        task.Loss(batch, draws);
        var shown = task.Sample(8, 0, Schedulers.Ddim(2))!;
        Assert.Equal(8, shown.Count);
        Assert.All(shown, image => Assert.Equal((16, 16), (image.Width, image.Height)));

        // Of four windows of sixteen pixels on a grid of four one shows the square nearly always.
        Assert.Contains(shown.Take(4), image => image.Pixels.ToArray().Contains(byte.MaxValue));
    }

    [Fact]
    public void BatchesOfWholePicturesCostWhatBatchesOfWindowsDo()
    {
        using var scope = NewDisposeScope();
        using var task = new AutoencoderTask(Model()) { Window = 16, WholeEvery = 1 };
        var (batch, draws) = Step(task, 4);
        draws[2].zero_();
        task.Loss(batch, draws);
        Assert.Equal((32, 32), Assert.Single(task.Sample(2, 0, Schedulers.Ddim(2))!.Take(1).Select(image => (image.Width, image.Height))));
        Assert.Equal(2, task.Sample(8, 0, Schedulers.Ddim(2))!.Count);
    }

    [Fact]
    public void BeforeTheFirstBatchThereIsNothingToShow()
    {
        using var task = new AutoencoderTask(Model());
        Assert.Null(task.Sample(4, 0, Schedulers.Ddim(2)));
    }

    private static (ImageBatch Batch, IReadOnlyList<Tensor> Draws) Step(AutoencoderTask task, int count)
    {
        using var random = new Generator(5);
        var images = (rand([count, 3, 32, 32], generator: random) * 2) - 1;
        var names = Enumerable.Repeat("", count).ToEquatableArray();
        return (new ImageBatch(images, null, names, names), task.Draw(images.shape, random));
    }

    private static AutoencoderKL Model() => AutoencoderKL.FromConfig(new AutoencoderKLConfig(LayersPerBlock: 1, SampleSize: EquatableArray.Of(32)).WithLevels(8, 8).WithNormNumGroups(4).WithMidBlockAttention(false), seed: 1);
}
