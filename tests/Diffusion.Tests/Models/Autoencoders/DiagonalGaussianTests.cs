using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

public sealed class DiagonalGaussianTests
{
    [Fact]
    public void LogarithmsOfVariancesAreClamped()
    {
        using var scope = NewDisposeScope();
        using var posterior = new DiagonalGaussian(tensor(new float[] { 1, 2, -100, 50 }, [1, 4, 1, 1]));

        Assert.Equal([-30f, 20f], posterior.LogVariance.data<float>().ToArray());
        Assert.Equal([1f, 2f], posterior.Mode.data<float>().ToArray());
        Assert.Equal(MathF.Exp(10), posterior.StandardDeviation[0, 1, 0, 0].item<float>(), 1e-2f);
    }

    // KL(q ‖ N(0, I)) = E_q[ln q − ln p]
    [Fact]
    public void TheDivergenceIsTheMeanOfLogarithms()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var posterior = new DiagonalGaussian(randn([2, 6, 4, 4], generator: generator));
        var (sums, draws) = (zeros(2), 4000);
        for (var i = 0; i < draws; i++)
        {
            using var inner = NewDisposeScope();
            var z = randn(posterior.Mean.shape, generator: generator);
            var x = posterior.Sample(z);
            sums.add_((0.5 * (x.square() - z.square() - posterior.LogVariance)).flatten(1).sum(1));
        }

        Assert.Equal([2], posterior.Kl().shape);
        Assert.InRange(((sums / draws / posterior.Kl()) - 1).abs().max().item<float>(), 0, 0.01f);
    }

    [Fact]
    public void AStandardNormalHasNoDivergence()
    {
        using var scope = NewDisposeScope();
        using var posterior = new DiagonalGaussian(zeros(3, 8, 2, 2));

        Assert.Equal([0f, 0f, 0f], posterior.Kl().data<float>().ToArray());
    }

    [Fact]
    public void ASeedIsTheSeedOfThePictureWhateverElseIsInTheBatch()
    {
        using var scope = NewDisposeScope();
        using var posterior = new DiagonalGaussian(TinyAutoencoders.Noise(3, 8, 2, 2));
        using var second = new DiagonalGaussian(posterior.Moments.narrow(0, 1, 1).clone());
        using var generator = new Generator(8);

        Assert.True(posterior.Sample(7).narrow(0, 1, 1).Equals(second.Sample(8)));
        Assert.True(second.Sample(8).Equals(second.Sample(randn([1, 4, 2, 2], generator: generator))));
        Assert.False(second.Sample(8).Equals(second.Sample(9)));
    }

    [Fact]
    public void GradientsReachTheMoments()
    {
        using var scope = NewDisposeScope();
        var moments = TinyAutoencoders.Noise(1, 4, 2, 2).requires_grad_();
        using var posterior = new DiagonalGaussian(moments);
        (posterior.Sample(1).square().sum() + posterior.Kl().sum()).backward();

        Assert.True(moments.grad!.abs().min().item<float>() > 0);
    }

    [Fact]
    public void WrongShapesAreRefused()
    {
        using var scope = NewDisposeScope();
        using var posterior = new DiagonalGaussian(zeros(1, 8, 2, 2));

        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => new DiagonalGaussian(zeros(1, 3, 2, 2))).Id);
        Assert.Equal(
            "DIF0410: the noise has the shape [1, 4, 2, 3]; this distribution takes [1, 4, 2, 2], so draw one number for each latent number",
            Assert.Throws<DiffusionException>(() => posterior.Sample(zeros(1, 4, 2, 3))).Message);
    }

    [Fact]
    public void DisposingItLeavesNothing()
    {
        using var outer = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var posterior = new DiagonalGaussian(zeros(1, 8, 2, 2)))
        {
            posterior.Sample(3).Dispose();
            posterior.Kl().Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
