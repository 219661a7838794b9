using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>CFG-Zero* of Fan, Zheng, Yeh and Liu (2025), arXiv:2503.18886: the unconditional prediction at its best scale, and first steps without prediction.</summary>
/// <remarks>
/// <para>s* = ⟨c, u⟩/(‖u‖² + 10⁻⁸) over [C, H, W] of each picture (the summand as in the authors' code and diffusers), m = s* u + w (c − s* u).</para>
/// <para>
/// In the first steps m = 0 (section 4.2): where the network predicts a velocity, of the flow or of the variance-preserving path, x stays as the path has it; the network is not
/// asked. Of a predicted noise or picture 0 is no direction, and is refused (DIF0252): there say <c>zeroSteps: 0</c>.
/// </para>
/// <para>
/// w = 1 is no guidance, and s* = 1 is Cfg(w). Parity target: the paper. diffusers' <c>ClassifierFreeZeroStarGuidance</c> computes s* u + w (c − u), which scales one u of both.
/// </para>
/// </remarks>
/// <param name="Scale">w: 1 is no guidance.</param>
/// <param name="ZeroSteps">In how many of the first steps the prediction is 0; below the number of steps.</param>
public sealed record ZeroStarGuidance(double Scale, int ZeroSteps = 1) : Guider
{
    /// <summary>The part of the steps in which guidance acts; outside it the conditional prediction is used alone. The first steps without prediction are no matter of it.</summary>
    public GuidanceInterval Interval { get; init; } = GuidanceInterval.Always;

    /// <inheritdoc/>
    public override string Name => "CfgZero";

    /// <inheritdoc/>
    public override bool ComparesWithUnconditional => Scale != 1;

    /// <inheritdoc/>
    internal override bool CombinesConditions => true;

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">w.</param>
    public ZeroStarGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance with another number of first steps without prediction.</summary>
    /// <param name="zeroSteps">At least 0 and below the number of steps.</param>
    public ZeroStarGuidance WithZeroSteps(int zeroSteps) => this with { ZeroSteps = zeroSteps };

    /// <summary>The same guidance in another part of the steps.</summary>
    /// <param name="interval">Where it acts.</param>
    public ZeroStarGuidance WithInterval(GuidanceInterval interval) => this with { Interval = interval };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => GuiderNumbers.Scale(Name, Scale)
        .Concat(GuiderNumbers.Option(ZeroSteps >= 0, Name, "zeroSteps", ZeroSteps, "it counts steps", "0 or more, 1 is usual"))
        .Concat(GuiderNumbers.Interval(Interval));

    /// <inheritdoc/>
    internal override bool ActsAt(int step, int steps) => Scale != 1 && Interval.Contains(step, steps);

    /// <summary>The canonical text: <c>CfgZero(5, zeroSteps: 2)</c>.</summary>
    public override string ToString() => new Signature("CfgZero").Argument(Scale).Option("zeroSteps", ZeroSteps, 1).Option("interval", Interval, GuidanceInterval.Always).ToString();
}
