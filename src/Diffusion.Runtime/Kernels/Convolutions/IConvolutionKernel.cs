using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>A square convolution of weights <c>[C′, C, K, K]</c>. Images lie pixel by pixel (channels last).</summary>
internal interface IConvolutionKernel : IWeightKernel
{
    /// <summary>The convolution, plus a bias, plus an image.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>; best with channels last.</param>
    /// <param name="bias"><c>[C′]</c>, or <c>[N, C′]</c>.</param>
    /// <param name="added">What is added to the result, of its shape, or null.</param>
    /// <returns>A new tensor, <c>[N, C′, H′, W′]</c>, channels last.</returns>
    Tensor Run(Tensor input, Tensor bias, Tensor? added);
}
