using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Colour guidance: x follows the gradient of the mean absolute distance between x̂_0 and a colour.</summary>
/// <remarks>The definition and its checks stand; sampling with it is refused by DIF0650 until gradient guidance lands, never ignored.</remarks>
/// <param name="Red">In [0, 1].</param>
/// <param name="Green">In [0, 1].</param>
/// <param name="Blue">In [0, 1].</param>
/// <param name="Scale">The factor on the gradient.</param>
public sealed record ColorGuidance(double Red, double Green, double Blue, double Scale = 40) : Guider
{
    /// <summary>How the scale changes along the steps.</summary>
    public ScaleSchedule Schedule { get; init; } = ScaleSchedule.Constant;

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

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        if (double.IsNaN(Scale) || double.IsInfinity(Scale))
        {
            yield return Rules.GuidanceScaleNotFinite.Found(Name, Scale);
        }

        foreach (var channel in new[] { Red, Green, Blue })
        {
            if (!(channel >= 0 && channel <= 1))
            {
                yield return Rules.ColorOutOfRange.Found(channel);
            }
        }
    }

    /// <summary>The canonical text: <c>Color(0.1, 0.9, 0.5, scale: 40)</c>.</summary>
    public override string ToString() => new Signature("Color").Argument(Red).Argument(Green).Argument(Blue).Option("scale", Scale).Option("schedule", Schedule, ScaleSchedule.Constant).ToString();
}
