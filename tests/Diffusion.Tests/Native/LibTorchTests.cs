using Diffusion.Runtime.Native;
using TorchSharp;

namespace Diffusion.Tests.Native;

public sealed class LibTorchTests
{
    [Fact]
    public void ATensorOperationRunsWithoutAnySetup()
    {
        using var one = torch.ones(2, 3);
        using var sum = one.sum();
        Assert.Equal(6f, sum.item<float>());
    }

    [Fact]
    public void RequireIsSilentWhereLibtorchLoads() => LibTorch.Require();
}
