using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Autoguidance of Karras et al. (2024), arXiv:2406.02507: away from a worse version of the network itself.</summary>
/// <remarks>
/// <para>g is the output of a worse network, smaller or trained for shorter on the same task, under the same condition: m = g + w (c − g), w = 1 is nothing.</para>
/// <para>
/// With another guider its direction is added: m = m̂ + (w − 1)(c − g), where m̂ is what that one makes of u and c; Cfg(v) gives m = u + v (c − u) + (w − 1)(c − g). Alone that is the first form.
/// It needs no condition: it also guides networks without text or classes.
/// </para>
/// <para>The worse network is loaded beside the pipeline's own, in the same number format, and freed with it. It must have been trained on the same noise and predict the same.</para>
/// </remarks>
/// <param name="Worse">The worse network, by name.</param>
/// <param name="Scale">w: 1 is no guidance, 2 is usual.</param>
public sealed record AutoGuidance(UnetModel Worse, double Scale) : Guider
{
    private static readonly UnetModel Unnamed = new("");

    /// <summary>The part of the steps in which guidance acts.</summary>
    public GuidanceInterval Interval { get; init; } = GuidanceInterval.Always;

    /// <inheritdoc/>
    public override string Name => "Autoguidance";

    /// <summary>The same guidance by another worse network.</summary>
    /// <param name="worse">The worse network, by name.</param>
    public AutoGuidance WithWorse(UnetModel worse) => this with { Worse = worse };

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">w.</param>
    public AutoGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance in another part of the steps.</summary>
    /// <param name="interval">Where it acts.</param>
    public AutoGuidance WithInterval(GuidanceInterval interval) => this with { Interval = interval };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => GuiderNumbers.Scale(Name, Scale).Concat(GuiderNumbers.Interval(Interval));

    /// <summary>The worse network of a pipeline; null where none of its guiders has one.</summary>
    internal static UnetModel? WorseOf(IEnumerable<Guider> guiders) => guiders.OfType<AutoGuidance>().FirstOrDefault()?.Worse;

    /// <inheritdoc/>
    internal override bool ActsAt(int step, int steps) => Scale != 1 && Interval.Contains(step, steps);

    /// <inheritdoc/>
    internal override Guider WithoutModels() => this with { Worse = Unnamed };

    /// <summary>The canonical text: <c>Autoguidance("models/worse".Unet, 2)</c>; in a sampler's key, which holds no models, <c>Autoguidance(2)</c>.</summary>
    public override string ToString() => new Signature("Autoguidance")
        .Argument(Worse == Unnamed ? null : JsonValue.Quote(Worse.Source) + ".Unet" + (Worse.Subfolder == "unet" ? "" : ".WithSubfolder(" + JsonValue.Quote(Worse.Subfolder) + ")"))
        .Argument(Scale)
        .Option("interval", Interval, GuidanceInterval.Always)
        .ToString();
}
