using Diffusion.Runtime.Kernels.Products;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>A convolution of single pixels: a linear map over pixels.</summary>
/// <param name="linear">The map; taken over.</param>
internal sealed class PointConvolution(ILinearKernel linear) : IConvolutionKernel
{
    /// <summary>The map over pixels.</summary>
    public ILinearKernel Linear => linear;

    /// <inheritdoc/>
    public Tensor Run(Tensor input, Tensor bias, Tensor? added)
    {
        using var scope = NewDisposeScope();
        var result = linear.Run(ChannelsLast.Pixels(input), bias.dim() == 1 ? bias : null, added is null ? null : ChannelsLast.Pixels(added));
        if (bias.dim() == 2)
            Arithmetic.AddInto(result, bias.view(bias.Sizes()[0], 1, 1, bias.Sizes()[1]));

        return ChannelsLast.Image(result).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Weight()
    {
        using var matrix = linear.Weight();

        return matrix.view(matrix.Sizes()[0], matrix.Sizes()[1], 1, 1);
    }

    /// <inheritdoc/>
    public void Dispose() => linear.Dispose();
}
