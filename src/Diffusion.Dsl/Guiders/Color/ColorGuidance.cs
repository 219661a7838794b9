using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Colour guidance: x follows the gradient of the mean absolute distance between x̂_0 and a colour, as in the diffusion course (unit 2, notebook 1).</summary>
/// <remarks>L = mean |x̂_0 − c| over [C, H, W] of each picture, with c mapped from [0, 1] to [−1, 1].</remarks>
/// <param name="Red">In [0, 1].</param>
/// <param name="Green">In [0, 1].</param>
/// <param name="Blue">In [0, 1].</param>
/// <param name="Scale">The factor on the gradient.</param>
public sealed record ColorGuidance(double Red, double Green, double Blue, double Scale = 40) : GradientGuidance(Scale)
{
    /// <inheritdoc/>
    public override string Name => "Color";

    /// <summary>The same guidance towards another colour.</summary>
    /// <param name="red">In [0, 1].</param>
    /// <param name="green">In [0, 1].</param>
    /// <param name="blue">In [0, 1].</param>
    public ColorGuidance WithColor(double red, double green, double blue) => this with { Red = red, Green = green, Blue = blue };

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">The factor on the gradient.</param>
    public ColorGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance with a scale that changes along the steps.</summary>
    /// <param name="schedule">The function of the noise level.</param>
    public ColorGuidance WithSchedule(ScaleSchedule schedule) => this with { Schedule = schedule };

    /// <summary>The same guidance with a gradient through the denoising network, or not.</summary>
    /// <param name="throughNetwork">Whether the gradient passes the network.</param>
    public ColorGuidance WithThroughNetwork(bool throughNetwork = true) => this with { ThroughNetwork = throughNetwork };

    /// <summary>The same guidance in the convention of classifier guidance, or not.</summary>
    /// <param name="changesNoise">Whether the predicted noise changes in the place of x.</param>
    public ColorGuidance WithChangesNoise(bool changesNoise = true) => this with { ChangesNoise = changesNoise };

    /// <summary>The same guidance with other mistakes of the course.</summary>
    /// <param name="errata">Which.</param>
    public ColorGuidance WithErrata(GuidanceErrata errata) => this with { Errata = errata };

    /// <summary>The same guidance with all mistakes of the course, that of the schedule included.</summary>
    public ColorGuidance AsInCourse() => this with { Errata = GuidanceErrata.All, Schedule = Schedule.AsInCourse() };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => base.Check()
        .Concat(new[] { Red, Green, Blue }.Where(channel => !(channel >= 0 && channel <= 1)).Select(channel => Rules.ColorOutOfRange.Found(channel)));

    /// <summary>The canonical text: <c>Color(0.1, 0.9, 0.5, scale: 40)</c>.</summary>
    public override string ToString() => Common(new Signature("Color").Argument(Red).Argument(Green).Argument(Blue).Option("scale", Scale)).ToString();
}
