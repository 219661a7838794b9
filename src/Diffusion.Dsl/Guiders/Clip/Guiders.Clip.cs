namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="ClipGuidance"/>
    /// <param name="prompt">What the picture should come to look like.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="cuts">How many random crops are embedded at each step, at least 1.</param>
    /// <param name="schedule">How the scale changes along the steps; null: not at all.</param>
    /// <param name="throughNetwork">Whether the gradient passes the denoising network.</param>
    public static ClipGuidance Clip(string prompt, double scale = 100, int cuts = 4, ScaleSchedule? schedule = null, bool throughNetwork = false) =>
        new(prompt, scale, cuts) { Schedule = schedule ?? ScaleSchedule.Constant, ThroughNetwork = throughNetwork };

    /// <summary>CLIP guidance by a model of its own: <c>Clip("models/ViT-B-32", "Red Rose (still life), red flower painting")</c>.</summary>
    /// <param name="model">The folder of a whole CLIP model with its tokenizer.</param>
    /// <param name="prompt">What the picture should come to look like.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="cuts">How many random crops are embedded at each step, at least 1.</param>
    /// <param name="schedule">How the scale changes along the steps; null: not at all.</param>
    /// <param name="throughNetwork">Whether the gradient passes the denoising network.</param>
    public static ClipGuidance Clip(string model, string prompt, double scale = 100, int cuts = 4, ScaleSchedule? schedule = null, bool throughNetwork = false) =>
        Clip(prompt, scale, cuts, schedule, throughNetwork).WithModel(model);

    /// <summary>CLIP guidance towards a picture.</summary>
    /// <param name="picture">The file of a picture that the results should come to look like.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="cuts">How many random crops are embedded at each step, at least 1.</param>
    /// <param name="schedule">How the scale changes along the steps; null: not at all.</param>
    /// <param name="throughNetwork">Whether the gradient passes the denoising network.</param>
    public static ClipGuidance ClipPicture(string picture, double scale = 100, int cuts = 4, ScaleSchedule? schedule = null, bool throughNetwork = false) =>
        Clip("", scale, cuts, schedule, throughNetwork).WithPicture(picture);
}
