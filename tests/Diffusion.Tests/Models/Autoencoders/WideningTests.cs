using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

public sealed class WideningTests
{
    [Theory]
    [InlineData(ScalarType.BFloat16, true)]
    [InlineData(ScalarType.Float16, false)]
    public void AWidenedAutoencoderHasTheSameWeightsInFloat32(ScalarType type, bool packs)
    {
        using var scope = NewDisposeScope();
        using var half = AutoencoderKL.FromConfig(TinyAutoencoders.Kl, seed: 1, dtype: type);
        var expected = half.state_dict()["decoder.mid_block.resnets.0.conv1.weight"].to(ScalarType.Float32);
        if (packs)
            Packing.Pack(half);

        using var wide = half.Widened();

        Assert.Equal(ScalarType.Float32, wide.DType);
        Assert.True(wide.state_dict()["decoder.mid_block.resnets.0.conv1.weight"].equal(expected).all().item<bool>());
        Assert.False(wide.training);
    }
}
