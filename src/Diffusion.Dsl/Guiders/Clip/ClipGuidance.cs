using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>CLIP guidance: x follows the gradient of the great-circle distance between the embeddings of x̂_0 and of a prompt or a picture.</summary>
/// <remarks>
/// <para>
/// L = 2 asin(‖u − v‖ / 2)² of the unit vectors u of a random crop of x̂_0 and v of the target, the mean over the crops of each picture, as in the diffusion course
/// (unit 2, notebook 1). The target is embedded once. The crops of picture i at step k depend on its seed and k alone, and take nothing from the noise's generator.
/// </para>
/// <para>The CLIP model (arXiv:2103.00020) is a whole one, with a vision tower: <see cref="Model"/>, or else the folder clip_model of the text encoder's checkpoint.</para>
/// </remarks>
/// <param name="Prompt">What the picture should come to look like; empty where <see cref="Picture"/> is the target.</param>
/// <param name="Scale">The factor on the gradient.</param>
/// <param name="Cuts">How many random crops of x̂_0 are embedded at each step, at least 1.</param>
public sealed record ClipGuidance(string Prompt, double Scale = 100, int Cuts = 4) : GradientGuidance(Scale)
{
    /// <summary>The file of a picture that the results should come to look like; null: the prompt is the target.</summary>
    public string? Picture { get; init; }

    /// <summary>The folder of a whole CLIP model with its tokenizer; null: clip_model in the checkpoint of the pipeline's text encoder.</summary>
    public string? Model { get; init; }

    /// <summary>Which crops are embedded.</summary>
    public Cutouts Cutouts { get; init; } = Cutouts.AsInTheCourse;

    /// <inheritdoc/>
    public override string Name => "Clip";

    /// <summary>The same guidance towards a prompt.</summary>
    /// <param name="prompt">What the picture should come to look like.</param>
    public ClipGuidance WithPrompt(string prompt) => this with { Prompt = prompt, Picture = null };

    /// <summary>The same guidance towards a picture.</summary>
    /// <param name="picture">Its file; null: the prompt is the target.</param>
    public ClipGuidance WithPicture(string? picture) => this with { Picture = picture, Prompt = picture is null ? Prompt : "" };

    /// <summary>The same guidance by another CLIP model.</summary>
    /// <param name="model">A folder; null: that of the pipeline's text encoder.</param>
    public ClipGuidance WithModel(string? model) => this with { Model = model };

    /// <summary>The same guidance with another number of crops.</summary>
    /// <param name="cuts">At least 1.</param>
    public ClipGuidance WithCuts(int cuts) => this with { Cuts = cuts };

    /// <summary>The same guidance with other crops.</summary>
    /// <param name="cutouts">Their sizes and turns.</param>
    public ClipGuidance WithCutouts(Cutouts cutouts) => this with { Cutouts = cutouts };

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">The factor on the gradient.</param>
    public ClipGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance with a scale that changes along the steps.</summary>
    /// <param name="schedule">The function of the noise level.</param>
    public ClipGuidance WithSchedule(ScaleSchedule schedule) => this with { Schedule = schedule };

    /// <summary>The same guidance with a gradient through the denoising network, or not.</summary>
    /// <param name="throughNetwork">Whether the gradient passes the network.</param>
    public ClipGuidance WithThroughNetwork(bool throughNetwork = true) => this with { ThroughNetwork = throughNetwork };

    /// <summary>The same guidance in the convention of classifier guidance, or not.</summary>
    /// <param name="changesNoise">Whether the predicted noise changes in the place of x.</param>
    public ClipGuidance WithChangesNoise(bool changesNoise = true) => this with { ChangesNoise = changesNoise };

    /// <summary>The same guidance with other mistakes of the course.</summary>
    /// <param name="errata">Which.</param>
    public ClipGuidance WithErrata(GuidanceErrata errata) => this with { Errata = errata };

    /// <summary>The same guidance with all mistakes of the course, that of the schedule included.</summary>
    public ClipGuidance AsInCourse() => this with { Errata = GuidanceErrata.All, Schedule = Schedule.AsInCourse() };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => base.Check()
        .Concat(Cuts < 1 ? [Rules.CutsOutOfRange.Found(Cuts)] : [])
        .Concat(Cutouts.Check());

    /// <summary>The canonical text: <c>Clip("a rose", scale: 100, cuts: 4)</c>.</summary>
    public override string ToString() => Common(new Signature("Clip")
        .Argument("\"" + (Picture is null ? Prompt : "file " + Picture) + "\"")
        .Option("scale", Scale)
        .Option("cuts", Cuts)
        .Option("cutouts", Cutouts, Cutouts.AsInTheCourse)
        .Option("model", Model ?? "", "")).ToString();
}
