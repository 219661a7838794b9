using System;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Runs one half of an autoencoder image by image, so that the memory of one is enough.</summary>
internal static class BatchSlicing
{
    /// <summary>The whole output.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>; left as it is.</param>
    /// <param name="half">The encoder or the decoder; its output is taken over.</param>
    public static Tensor Run(Tensor input, Func<Tensor, Tensor> half)
    {
        var count = input.Sizes()[0];
        if (count == 1)
            return half(input);

        using var scope = NewDisposeScope();
        Tensor? output = null;
        for (long i = 0; i < count; i++)
        {
            using var slice = input.narrow(0, i, 1);
            using var result = half(slice);
            output ??= empty([count, .. result.Sizes()[1..]], result.dtype, result.device);
            using var place = output.narrow(0, i, 1);
            place.copy_(result);
        }

        return output!.MoveToOuterDisposeScope();
    }
}
