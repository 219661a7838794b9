using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>The smallest autoencoders that tests run and train: two levels, factor 2.</summary>
internal static class TinyAutoencoders
{
    public static AutoencoderKLConfig Kl { get; } = new AutoencoderKLConfig(NormNumGroups: 4, SampleSize: EquatableArray.Of(16)).WithLevels(8, 16).WithImageChannels(1);

    public static VQModelConfig Vq { get; } = new VQModelConfig(NormNumGroups: 4, SampleSize: EquatableArray.Of(16), NumVqEmbeddings: 12).WithLevels(8, 16).WithImageChannels(1);

    /// <summary>Always the same numbers, and none of the generator that all threads share: a test of dropout needs that one for itself.</summary>
    public static Tensor Noise(params long[] shape)
    {
        using var generator = new Generator(5);

        return randn(shape, generator: generator);
    }
}
