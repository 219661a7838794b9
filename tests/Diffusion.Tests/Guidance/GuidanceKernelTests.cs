using System.Linq;
using TorchSharp;
using static TorchSharp.torch;
using Kernel = Diffusion.Runtime.Kernels.Guidance;

namespace Diffusion.Tests.Guidance;

public sealed class GuidanceKernelTests
{
    [Theory]
    [InlineData(ScalarType.Float64, 1e-14)]
    [InlineData(ScalarType.Float32, 1e-6)]
    public void AlignedIsTheScaleOfEachPictureThatComesClosest(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (u, c) = Outputs(type);
        var (one, other) = (Hand.Pictures(u), Hand.Pictures(c));

        Assert.InRange(Hand.Distance(Kernel.Aligned(u, c), [.. one.Select((picture, i) => Hand.Aligned(picture, other[i]))]), 0, tolerance);
        Assert.Equal(type, Kernel.Aligned(u, c).dtype);
    }

    [Fact]
    public void AnOutputThatIsAlreadyClosestStaysAsItIs()
    {
        using var scope = NewDisposeScope();
        var (u, v) = Outputs(ScalarType.Float64);
        var across = Kernel.Projected(v, u, 0, 0);

        Assert.InRange(Hand.Distance(Kernel.Aligned(u, u + across), Hand.Pictures(u)), 0, 1e-8);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.3, 0)]
    [InlineData(0, 2.5)]
    [InlineData(1, 6)]
    [InlineData(0.5, 1e6)]
    public void ADirectionIsCutToItsNormAndKeepsItsShareAlongC(double eta, double threshold)
    {
        using var scope = NewDisposeScope();
        var (direction, c) = Outputs(ScalarType.Float64);
        var (one, other) = (Hand.Pictures(direction), Hand.Pictures(c));

        Assert.InRange(Hand.Distance(Kernel.Projected(direction, c, eta, threshold), [.. one.Select((picture, i) => Hand.Projected(picture, other[i], eta, threshold))]), 0, 1e-14);
    }

    [Fact]
    public void NothingIsNotANumberWhereThereIsNoDirection()
    {
        using var scope = NewDisposeScope();
        var (zero, c) = (zeros([2, 3, 4, 4], ScalarType.Float32), Outputs(ScalarType.Float32).C);

        Assert.Equal(0, Kernel.Projected(zero, c, 0.5, 2).abs().max().item<float>());
        Assert.Equal(0, Kernel.Projected(zero, zero, 0.5, 2).abs().max().item<float>());
        Assert.Equal(0, Kernel.Aligned(zero, c).abs().max().item<float>());
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        using var scope = NewDisposeScope();
        var (u, c) = Outputs(ScalarType.Float32);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Kernel.Aligned(u, c).Dispose();
        Kernel.Projected(u, c, 0.5, 2).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static (Tensor U, Tensor C) Outputs(ScalarType type)
    {
        using var random = new Generator(5);
        return (randn([2, 3, 4, 4], ScalarType.Float64, generator: random).to(type), randn([2, 3, 4, 4], ScalarType.Float64, generator: random).add_(0.2).to(type));
    }
}
