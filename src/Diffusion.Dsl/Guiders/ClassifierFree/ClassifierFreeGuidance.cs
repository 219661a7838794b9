using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Classifier-free guidance of Ho and Salimans (2022), arXiv:2207.12598: away from the unconditional prediction.</summary>
/// <remarks>
/// <para>m = u + w (c − u) = (1 − w) u + w c, in the convention of diffusers (the paper's w is ours less 1, Eq. 6). It is affine, so the compiler folds it
/// into the step; w = 1 leaves the unconditional half out altogether, w = 0 the conditional one.</para>
/// <para>Rescaling (arXiv:2305.08891, section 3.4): m ← φ m std(c)/std(m) + (1 − φ) m, std over [C, H, W] of each image.</para>
/// <para>Parity target: diffusers <c>StableDiffusionPipeline</c> (<c>guidance_scale</c>, <c>guidance_rescale</c>).</para>
/// </remarks>
/// <param name="Scale">w: 1 is no guidance, 7.5 is usual.</param>
/// <param name="Rescale">φ in [0, 1]; 0 is off.</param>
public sealed record ClassifierFreeGuidance(double Scale, double Rescale = 0) : Guider
{
    /// <summary>The part of the steps in which guidance acts; outside it the conditional prediction is used alone.</summary>
    public GuidanceInterval Interval { get; init; } = GuidanceInterval.Always;

    /// <inheritdoc/>
    public override string Name => "Cfg";

    /// <inheritdoc/>
    public override bool ComparesWithUnconditional => Scale != 1;

    /// <inheritdoc/>
    internal override bool CombinesConditions => true;

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">w.</param>
    public ClassifierFreeGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance with another rescaling.</summary>
    /// <param name="rescale">φ in [0, 1].</param>
    public ClassifierFreeGuidance WithRescale(double rescale) => this with { Rescale = rescale };

    /// <summary>The same guidance in another part of the steps.</summary>
    /// <param name="interval">Where it acts.</param>
    public ClassifierFreeGuidance WithInterval(GuidanceInterval interval) => this with { Interval = interval };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        if (double.IsNaN(Scale) || double.IsInfinity(Scale))
        {
            yield return Rules.GuidanceScaleNotFinite.Found(Name, Scale);
        }

        if (!(Rescale >= 0 && Rescale <= 1))
        {
            yield return Rules.RescaleOutOfRange.Found(Rescale);
        }

        if (!(Interval.Start >= 0 && Interval.Start < Interval.Stop && Interval.Stop <= 1))
        {
            yield return Rules.UnknownInterval.Found(Interval.Start, Interval.Stop);
        }
    }

    /// <inheritdoc/>
    internal override bool ActsAt(int step, int steps) => Scale != 1 && Interval.Contains(step, steps);

    /// <summary>The canonical text: <c>Cfg(7.5, rescale: 0.7)</c>.</summary>
    public override string ToString() => new Signature("Cfg")
        .Argument(Scale)
        .Option("rescale", Rescale, 0.0)
        .Option("interval", Interval, GuidanceInterval.Always)
        .ToString();
}
