using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>A convolution by oneDNN, float32 or bfloat16.</summary>
internal sealed class OneDnnConvolution : IConvolutionKernel
{
    private readonly Tensor _packed;
    private readonly long _stride;
    private readonly long _padding;

    /// <param name="weight"><c>[C′, C, K, K]</c>; read, not kept.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros at every edge.</param>
    public OneDnnConvolution(Tensor weight, long stride, long padding) =>
        (_packed, _stride, _padding) = (OneDnn.PackConvolution(weight, stride, padding).DetachFromDisposeScope(), stride, padding);

    /// <inheritdoc/>
    public Tensor Run(Tensor input, Tensor bias, Tensor? added)
    {
        using var scope = NewDisposeScope();
        var (x, other) = (Last(input), added is null ? null : Last(added));
        if (bias.dim() == 1)
            return OneDnn.Convolution(x, _packed, bias, other, _stride, _padding).MoveToOuterDisposeScope();

        // A bias for each sample follows as a sum.
        var result = OneDnn.Convolution(x, _packed, zeros(bias.Sizes()[1], bias.dtype), other, _stride, _padding);
        Arithmetic.AddInto(result, bias.unsqueeze(-1).unsqueeze(-1));

        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Weight() => OneDnn.Plain(_packed);

    /// <inheritdoc/>
    public void Dispose() => _packed.Dispose();

    private static Tensor Last(Tensor image) => ChannelsLast.Image(ChannelsLast.Pixels(image));
}
