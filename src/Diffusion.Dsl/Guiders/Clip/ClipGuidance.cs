using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>CLIP guidance: x follows the gradient of the distance between the embeddings of x̂_0 and of a prompt.</summary>
/// <remarks>
/// The definition and its checks stand; sampling with it is refused by DIF0650 until the CLIP model lands, never ignored.
/// </remarks>
/// <param name="Prompt">What the picture should come to look like.</param>
/// <param name="Scale">The factor on the gradient.</param>
/// <param name="Cuts">How many random crops of x̂_0 are embedded at each step, at least 1.</param>
public sealed record ClipGuidance(string Prompt, double Scale = 100, int Cuts = 4) : Guider
{
    /// <summary>How the scale changes along the steps.</summary>
    public ScaleSchedule Schedule { get; init; } = ScaleSchedule.Constant;

    /// <inheritdoc/>
    public override string Name => "Clip";

    /// <summary>The same guidance towards another prompt.</summary>
    /// <param name="prompt">What the picture should come to look like.</param>
    public ClipGuidance WithPrompt(string prompt) => this with { Prompt = prompt };

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">The factor on the gradient.</param>
    public ClipGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance with another number of crops.</summary>
    /// <param name="cuts">At least 1.</param>
    public ClipGuidance WithCuts(int cuts) => this with { Cuts = cuts };

    /// <summary>The same guidance with a scale that changes along the steps.</summary>
    /// <param name="schedule">The function of the noise level.</param>
    public ClipGuidance WithSchedule(ScaleSchedule schedule) => this with { Schedule = schedule };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        if (double.IsNaN(Scale) || double.IsInfinity(Scale))
        {
            yield return Rules.GuidanceScaleNotFinite.Found(Name, Scale);
        }

        if (Cuts < 1)
        {
            yield return Rules.CutsOutOfRange.Found(Cuts);
        }
    }

    /// <summary>The canonical text: <c>Clip("a rose", scale: 100, cuts: 4)</c>.</summary>
    public override string ToString() => new Signature("Clip").Argument("\"" + Prompt + "\"").Option("scale", Scale).Option("cuts", Cuts).Option("schedule", Schedule, ScaleSchedule.Constant).ToString();
}
