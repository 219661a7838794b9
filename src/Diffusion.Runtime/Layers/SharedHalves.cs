using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// Guidance asks for the same samples under two texts. What comes before the first look at the text is the same for both: it is computed once, and doubled there.
/// </summary>
internal static class SharedHalves
{
    /// <summary>A tensor twice along its first axis where there are texts for twice as many samples; otherwise the tensor itself.</summary>
    public static Tensor Split(Tensor samples, TextCondition? text) => Split(samples, text?.Samples ?? samples.Sizes()[0]);

    /// <summary>A tensor twice along its first axis where that has half of <paramref name="count"/>; otherwise the tensor itself.</summary>
    public static Tensor Split(Tensor samples, long count) => 2 * samples.Sizes()[0] == count ? cat([samples, samples], 0) : samples;
}
