using System.Collections.Generic;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>The linear multistep combinations of PNDM and iPNDM.</summary>
internal static class AdamsBashforth
{
    /// <summary>The combination of one to four outputs, the newest first.</summary>
    public static Tensor Of(IReadOnlyList<Tensor> e) => e.Count switch
    {
        1 => e[0],
        2 => ((3 * e[0]) - e[1]) / 2,
        3 => ((23 * e[0]) - (16 * e[1]) + (5 * e[2])) / 12,
        _ => 1.0 / 24 * ((55 * e[0]) - (59 * e[1]) + (37 * e[2]) - (9 * e[3])),
    };
}
