using System;

namespace Diffusion.Dsl;

/// <summary>Guidance by a loss of the program's own: x follows its gradient.</summary>
/// <remarks>
/// The function is a <c>Func&lt;Tensor, double, Tensor&gt;</c> of TorchSharp, which this assembly does not know: x̂_0 as pictures <c>[N, C, H, W]</c> in [−1, 1], and t; it gives the
/// loss of each picture, <c>[N]</c>, or of all together, <c>[]</c>. Two guiders are equal when they have the same function. Receipts name it, and cannot bring it back (DIF0449).
/// </remarks>
public sealed record LossGuidance : GradientGuidance
{
    internal LossGuidance(string label, Delegate function, double scale)
        : base(scale) => (Label, Function) = (label, function);

    /// <summary>A name for messages and for the key.</summary>
    public string Label { get; init; }

    /// <summary>Whether the function is given latents instead of pictures, where there is an autoencoder.</summary>
    public bool ReadsLatents { get; init; }

    /// <inheritdoc/>
    public override string Name => "Loss";

    /// <summary>The function of x̂_0 and t.</summary>
    public Delegate Function { get; init; }

    /// <summary>The same guidance under another name.</summary>
    /// <param name="label">A name for messages and for the key.</param>
    public LossGuidance WithLabel(string label) => this with { Label = label ?? throw new ArgumentNullException(nameof(label)) };

    /// <summary>The same guidance by another function.</summary>
    /// <param name="function">A <c>Func&lt;Tensor, double, Tensor&gt;</c>.</param>
    public LossGuidance WithFunction(Delegate function) => this with { Function = function ?? throw new ArgumentNullException(nameof(function)) };

    /// <summary>The same guidance, whose function is given latents or pictures.</summary>
    /// <param name="readsLatents">Whether it is given latents.</param>
    public LossGuidance WithReadsLatents(bool readsLatents = true) => this with { ReadsLatents = readsLatents };

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">The factor on the gradient.</param>
    public LossGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance with a scale that changes along the steps.</summary>
    /// <param name="schedule">The function of the noise level.</param>
    public LossGuidance WithSchedule(ScaleSchedule schedule) => this with { Schedule = schedule };

    /// <summary>The same guidance with a gradient through the denoising network, or not.</summary>
    /// <param name="throughNetwork">Whether the gradient passes the network.</param>
    public LossGuidance WithThroughNetwork(bool throughNetwork = true) => this with { ThroughNetwork = throughNetwork };

    /// <summary>The same guidance in the convention of classifier guidance, or not.</summary>
    /// <param name="changesNoise">Whether the predicted noise changes in the place of x.</param>
    public LossGuidance WithChangesNoise(bool changesNoise = true) => this with { ChangesNoise = changesNoise };

    /// <summary>The same guidance with other mistakes of the course.</summary>
    /// <param name="errata">Which.</param>
    public LossGuidance WithErrata(GuidanceErrata errata) => this with { Errata = errata };

    /// <summary>The same guidance with all mistakes of the course, that of the schedule included.</summary>
    public LossGuidance AsInCourse() => this with { Errata = GuidanceErrata.All, Schedule = Schedule.AsInCourse() };

    /// <summary>The canonical text: <c>Loss("loss", scale: 10)</c>.</summary>
    public override string ToString() => Common(new Signature("Loss").Argument("\"" + Label + "\"").Option("scale", Scale).Option("latents", ReadsLatents, false)).ToString();
}
