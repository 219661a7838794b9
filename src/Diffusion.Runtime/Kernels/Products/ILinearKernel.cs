using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>A linear map of weights W, <c>[out, in]</c>.</summary>
internal interface ILinearKernel : IWeightKernel
{
    /// <summary>x Wᵀ + b + added.</summary>
    /// <param name="input">x, <c>[…, in]</c>.</param>
    /// <param name="bias">b, <c>[out]</c>, or null.</param>
    /// <param name="added">What is added to the result, of its shape, or null.</param>
    /// <returns>A new tensor, <c>[…, out]</c>.</returns>
    Tensor Run(Tensor input, Tensor? bias, Tensor? added);

    /// <summary>One half of x Wᵀ + b times gelu of the other half.</summary>
    /// <param name="input">x, <c>[…, in]</c>.</param>
    /// <param name="bias">b, <c>[out]</c>, or null.</param>
    /// <returns>A new tensor, <c>[…, out / 2]</c>.</returns>
    Tensor RunGated(Tensor input, Tensor? bias);
}
