using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>The sum at the end of a residual layer.</summary>
internal static class Residual
{
    /// <summary>(hidden + input) / scale, in the place of <paramref name="hidden"/> where no gradient is recorded.</summary>
    public static Tensor Add(Tensor hidden, Tensor input, double scale)
    {
        if (is_grad_enabled())
            return scale == 1 ? hidden + input : (hidden + input) / scale;

        return scale == 1 ? hidden.add_(input) : hidden.add_(input).div_(scale);
    }
}
