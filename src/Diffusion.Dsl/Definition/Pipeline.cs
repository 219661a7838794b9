using System;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// A diffusion pipeline as an immutable value: which models, which sampler, which guidance. Every step of the chain returns a new value;
/// two pipelines are equal when they say the same. It holds no weights and runs nothing; threads may share it.
/// </summary>
/// <example>
/// <code>
/// var sd = Pretrained.From("models/shapes");
/// var pipeline = Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Scheduler(Ddim(40)).Guidance(Cfg(7.5));
/// </code>
/// </example>
public sealed partial record Pipeline
{
    private Pipeline()
    {
    }

    /// <summary>The autoencoder; null: the UNet works on pixels.</summary>
    public VaeModel? VaeModel { get; init; }

    /// <summary>The text encoder; null: unconditional.</summary>
    public TextModel? TextModel { get; init; }

    /// <summary>The denoising network; null is found by validation (DIF0101).</summary>
    public UnetModel? UnetModel { get; init; }

    /// <summary>The sampler; null: the one the checkpoint names, with diffusers' default number of steps.</summary>
    public Scheduler? Sampler { get; init; }

    /// <summary>The guiders, in the order they were given.</summary>
    public EquatableArray<Guider> Guiders { get; init; }

    /// <summary>What the picture should not show; null: the empty prompt.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>The height of the picture in pixels; null: as the checkpoint was trained.</summary>
    public int? Height { get; init; }

    /// <summary>The width of the picture in pixels; null: as the checkpoint was trained.</summary>
    public int? Width { get; init; }

    /// <summary>The noise schedule, where it is said here; null: as the checkpoint says.</summary>
    public NoiseSchedule? NoiseSchedule { get; init; }

    /// <summary>What the network predicts, where it is said here; null: as the checkpoint says.</summary>
    public PredictionType? PredictionType { get; init; }

    /// <summary>How many of the noisiest steps are left out; 0: the pipeline starts from noise.</summary>
    public int StartStep { get; init; }

    /// <summary>How much of a picture to start from is made new, in (0, 1]; null: as <see cref="StartStep"/> says.</summary>
    public double? ImageStrength { get; init; }

    /// <summary>Whether all n steps are done within <see cref="ImageStrength"/>, each smaller, instead of ⌊n · strength⌋ of them.</summary>
    public bool KeepsSteps { get; init; }

    /// <summary>A pipeline on latents, which <paramref name="vae"/> decodes.</summary>
    /// <param name="vae">The autoencoder.</param>
    public static Pipeline From(VaeModel vae) => new() { VaeModel = NotNull(vae, nameof(vae)) };

    /// <summary>A pipeline on pixels.</summary>
    /// <param name="unet">The denoising network.</param>
    public static Pipeline From(UnetModel unet) => new() { UnetModel = NotNull(unet, nameof(unet)) };

    /// <summary>The same pipeline with a text encoder.</summary>
    /// <param name="text">The text encoder.</param>
    public Pipeline Text(TextModel text) => WithTextModel(text);

    /// <summary>The same pipeline with another denoising network.</summary>
    /// <param name="unet">The denoising network.</param>
    public Pipeline Unet(UnetModel unet) => WithUnetModel(unet);

    /// <summary>The same pipeline with another sampler. The model's noise schedule and prediction type stay.</summary>
    /// <param name="scheduler">The sampler, such as <c>Ddim(40)</c>.</param>
    public Pipeline Scheduler(Scheduler scheduler) => WithSampler(scheduler);

    /// <summary>The same pipeline with further guiders.</summary>
    /// <param name="guiders">The guiders, such as <c>Cfg(7.5)</c>.</param>
    public Pipeline Guidance(params Guider[] guiders) => this with { Guiders = Guiders.Concat(NotNull(guiders, nameof(guiders)).Select(guider => NotNull(guider, nameof(guiders)))).ToEquatableArray() };

    /// <summary>The same pipeline with a negative prompt.</summary>
    /// <param name="prompt">What the picture should not show.</param>
    public Pipeline Negative(string prompt) => WithNegativePrompt(prompt);

    /// <summary>The same pipeline for pictures of another size.</summary>
    /// <param name="height">In pixels; a multiple of the VAE's factor.</param>
    /// <param name="width">In pixels; a multiple of the VAE's factor.</param>
    public Pipeline Size(int height, int width) => this with { Height = height, Width = width };

    /// <summary>The same pipeline from a later step on, as image-to-image needs it; methods with a history warm up from there.</summary>
    /// <param name="step">How many of the noisiest steps are left out, 0 to n − 1.</param>
    public Pipeline StartAt(int step) => WithStartStep(step);

    /// <summary>The same pipeline for pictures to start from: of n steps the last ⌊n · strength⌋ are done, as in diffusers.</summary>
    /// <param name="strength">In (0, 1]: 1 makes everything new, small values keep nearly everything.</param>
    public Pipeline Strength(double strength) => WithImageStrength(strength);

    /// <summary>
    /// The same pipeline with as many steps from a picture as from noise: what <see cref="Strength"/> leaves of the schedule is done in n smaller steps. The sampler gets the smallest
    /// number of steps of which ⌊· strength⌋ = n are left.
    /// </summary>
    public Pipeline KeepSteps() => WithKeepsSteps(true);

    /// <summary>The same pipeline with the noise schedule said here instead of read from the checkpoint.</summary>
    /// <param name="noise">The schedule the network was trained with.</param>
    public Pipeline Noise(NoiseSchedule noise) => WithNoiseSchedule(noise);

    /// <summary>The same pipeline with the prediction type said here instead of read from the checkpoint.</summary>
    /// <param name="prediction">What the network predicts.</param>
    public Pipeline Prediction(PredictionType prediction) => WithPredictionType(prediction);

    /// <summary>The same pipeline with another autoencoder, or none.</summary>
    /// <param name="vae">The autoencoder; null: the UNet works on pixels.</param>
    public Pipeline WithVaeModel(VaeModel? vae) => this with { VaeModel = vae };

    /// <summary>The same pipeline with another text encoder, or none.</summary>
    /// <param name="text">The text encoder; null: unconditional.</param>
    public Pipeline WithTextModel(TextModel? text) => this with { TextModel = text };

    /// <summary>The same pipeline with another denoising network.</summary>
    /// <param name="unet">The denoising network.</param>
    public Pipeline WithUnetModel(UnetModel? unet) => this with { UnetModel = unet };

    /// <summary>The same pipeline with another sampler.</summary>
    /// <param name="sampler">The sampler; null: the one the checkpoint names.</param>
    public Pipeline WithSampler(Scheduler? sampler) => this with { Sampler = sampler };

    /// <summary>The same pipeline with these guiders in place of its own.</summary>
    /// <param name="guiders">The guiders.</param>
    public Pipeline WithGuiders(params Guider[] guiders) => this with { Guiders = guiders.ToEquatableArray() };

    /// <summary>The same pipeline with another negative prompt, or none.</summary>
    /// <param name="prompt">What the picture should not show; null: the empty prompt.</param>
    public Pipeline WithNegativePrompt(string? prompt) => this with { NegativePrompt = prompt };

    /// <summary>The same pipeline for pictures of another height.</summary>
    /// <param name="height">In pixels; null: as the checkpoint was trained.</param>
    public Pipeline WithHeight(int? height) => this with { Height = height };

    /// <summary>The same pipeline for pictures of another width.</summary>
    /// <param name="width">In pixels; null: as the checkpoint was trained.</param>
    public Pipeline WithWidth(int? width) => this with { Width = width };

    /// <summary>The same pipeline from another step on.</summary>
    /// <param name="startStep">How many of the noisiest steps are left out, 0 to n − 1.</param>
    public Pipeline WithStartStep(int startStep) => this with { StartStep = startStep };

    /// <summary>The same pipeline with another strength.</summary>
    /// <param name="imageStrength">In (0, 1]; null: as <see cref="StartStep"/> says.</param>
    public Pipeline WithImageStrength(double? imageStrength) => this with { ImageStrength = imageStrength };

    /// <summary>The same pipeline with all its steps within the strength, or with those that strength leaves.</summary>
    /// <param name="keepsSteps">Whether as many steps are done as from noise.</param>
    public Pipeline WithKeepsSteps(bool keepsSteps) => this with { KeepsSteps = keepsSteps };

    /// <summary>The same pipeline with another noise schedule.</summary>
    /// <param name="noise">The schedule; null: as the checkpoint says.</param>
    public Pipeline WithNoiseSchedule(NoiseSchedule? noise) => this with { NoiseSchedule = noise };

    /// <summary>The same pipeline with another prediction type.</summary>
    /// <param name="prediction">What the network predicts; null: as the checkpoint says.</param>
    public Pipeline WithPredictionType(PredictionType? prediction) => this with { PredictionType = prediction };

    /// <summary>The chain that gives this value, with models by name.</summary>
    public override string ToString() => PipelineText.Of(this);

    private static T NotNull<T>(T? value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);
}
