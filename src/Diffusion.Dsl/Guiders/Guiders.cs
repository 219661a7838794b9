using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>The guiders by their short names, for <c>using static Diffusion.Dsl.Guiders</c> in C# and <c>open type</c> in F#.</summary>
public static partial class Guiders
{
    /// <summary>An example of every guider that this version compiles. What stands here is compiled and compared by the tests.</summary>
    public static IReadOnlyList<Guider> All { get; } =
    [
        Cfg(7.5),
        Cfg(1),
        Cfg(0),
        Cfg(5, rescale: 0.7),
        Cfg(3, interval: Interval(0.2, 0.8)),
        Apg(7),
        Apg(5, eta: 0.5, momentum: 0, threshold: 4, fromUnconditional: true, interval: Interval(0.2, 0.8)),
        CfgZero(5),
        CfgZero(3, zeroSteps: 0),
        CfgPlusPlus(0.6),
        Pag(1.5, layers: ["mid_block", "up_blocks.1"], interval: Interval(0.1, 0.8)),
        Autoguidance(new UnetModel("models/worse"), 2),
    ];
}
