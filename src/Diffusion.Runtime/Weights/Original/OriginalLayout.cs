using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>
/// What a file in the original layout of Stable Diffusion is, and how its parts are configured: read from the names and shapes in its header alone, as the
/// layout holds no configuration. Nothing is asked of the network.
/// </summary>
/// <remarks>
/// Shapes tell channels, levels, depths and widths. Assumed are: 8 heads in Stable Diffusion 1 and in the upscaler, heads of 64 channels elsewhere; 32 groups
/// in every norm (fewer where 32 does not divide the channels); the sizes of pictures; the scaling factor of latents, of which a file with nothing but an
/// autoencoder does not tell whether it is SDXL's. What the network predicts is known where <see cref="IsPredictionGuessed"/> is false.
/// </remarks>
/// <param name="Kind">The family.</param>
/// <param name="UNet">The U-Net's configuration; null where there is none.</param>
/// <param name="Vae">The autoencoder's configuration; null where there is none.</param>
/// <param name="TextEncoders">The text encoders, the first first; may be none.</param>
/// <param name="Scheduler">The noise schedule and the prediction type, with the values of the published model of this kind for a sampler.</param>
/// <param name="IsPredictionGuessed">Whether nothing says what the network predicts: then it is v for Stable Diffusion 2 and the upscaler, else ε, as in diffusers.</param>
/// <param name="HasEma">Whether the file holds moving averages of the U-Net's weights beside the weights.</param>
public sealed record OriginalLayout(
    OriginalKind Kind,
    UNet2DConditionConfig? UNet,
    AutoencoderKLConfig? Vae,
    EquatableArray<OriginalTextEncoder> TextEncoders,
    SchedulerConfig Scheduler,
    bool IsPredictionGuessed,
    bool HasEma)
{
    private const int InpaintingChannels = 9;
    private const int DepthChannels = 5;
    private const int EditingChannels = 8;

    // Tensors that only this layout has under these names.
    private const string UNetMark = "input_blocks.0.0.weight";
    private const string VaeMark = "encoder.down.0.block.0.conv1.weight";

    private static readonly string[] UNetPrefixes = ["model.diffusion_model.", "diffusion_model.", ""];
    private static readonly string[] VaePrefixes = ["first_stage_model.", ""];

    /// <summary>What the network predicts.</summary>
    public PredictionType Prediction => Scheduler.Prediction;

    /// <summary>Whether the U-Net takes a mask and the masked picture besides the latents: 9 channels.</summary>
    public bool IsInpainting => UNet?.InChannels == InpaintingChannels;

    /// <summary>Whether the U-Net takes a depth map besides the latents: 5 channels.</summary>
    public bool IsDepth => UNet?.InChannels == DepthChannels;

    /// <summary>Whether the U-Net takes the picture that is to be edited besides the latents: 8 channels (InstructPix2Pix, arXiv:2211.09800).</summary>
    public bool IsEditing => UNet?.InChannels == EditingChannels;

    /// <summary>What the names of the U-Net's tensors start with.</summary>
    internal string UNetPrefix { get; init; } = UNetPrefixes[0];

    /// <summary>What the names of the autoencoder's tensors start with.</summary>
    internal string VaePrefix { get; init; } = VaePrefixes[0];

    /// <summary>Recognises an open file.</summary>
    /// <param name="file">The file; no element is read.</param>
    /// <param name="prediction">What the network predicts, where the caller knows it; null: as far as the file tells.</param>
    /// <exception cref="DiffusionException">DIF0526: it is no Stable Diffusion in the original layout. DIF0527, DIF0528: a tensor is missing or has an impossible shape.</exception>
    public static OriginalLayout Read(ICheckpointReader file, PredictionType? prediction = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var entries = file.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var unetPrefix = UNetPrefixes.FirstOrDefault(prefix => entries.ContainsKey(prefix + UNetMark));
        var vaePrefix = VaePrefixes.FirstOrDefault(prefix => entries.ContainsKey(prefix + VaeMark));
        if (unetPrefix is null && vaePrefix is null)
            throw Unknown(file);

        var texts = TextEncoderShapes.Read(file.Source, entries).ToEquatableArray();
        var unet = unetPrefix is null ? null : UNetShapes.Read(new PartShapes(file.Source, "U-Net", unetPrefix, entries), isSdxl: texts.Any(text => text.Prefix.StartsWith("conditioner.", StringComparison.Ordinal)));
        var kind = KindOf(unet, texts);
        var isMarked = entries.ContainsKey("v_pred");
        var (type, isGuessed) = prediction is { } told ? new OriginalPrediction(told, IsGuessed: false) : OriginalPrediction.Read(kind, unet, file, isMarked);

        // Stability AI's models of v were trained on 768 pixels, and 2.1 overflows in float16 unless attention runs in float32.
        var isLarge = kind == OriginalKind.StableDiffusion2 && type == PredictionType.VPrediction;
        var pixels = Pixels(kind, isLarge);

        return new OriginalLayout(
            kind,
            unet?.WithSampleSize(kind == OriginalKind.StableDiffusionUpscaler ? 128 : pixels / 8) is { } sized ? sized with { UpcastAttention = isLarge } : null,
            vaePrefix is null ? null : AutoencoderShapes.Read(new PartShapes(file.Source, "autoencoder", vaePrefix, entries), UsualVae(kind).WithSampleSize(pixels)),
            texts,
            OriginalSchedulers.Of(kind, type, isMarked && entries.ContainsKey("ztsnr")),
            isGuessed,
            entries.Keys.Any(name => name.StartsWith(OriginalCheckpoint.EmaPrefix + "diffusion_model", StringComparison.Ordinal)))
        {
            UNetPrefix = unetPrefix ?? UNetPrefixes[0],
            VaePrefix = vaePrefix ?? VaePrefixes[0],
        };
    }

    /// <summary>One line: <c>StableDiffusion2 (inpainting): U-Net, autoencoder, 1 text encoder; predicts epsilon (guessed)</c>.</summary>
    public override string ToString()
    {
        var task = IsInpainting ? " (inpainting)" : IsDepth ? " (depth)" : IsEditing ? " (editing)" : "";
        var texts = TextEncoders.Count switch { 0 => null, 1 => "1 text encoder", var count => FormattableString.Invariant($"{count} text encoders") };
        var parts = new[] { UNet is null ? null : "U-Net", Vae is null ? null : "autoencoder", texts, HasEma ? "moving averages" : null }.OfType<string>();
        var prediction = UNet is null ? "" : $"; predicts {OriginalSchedulers.Word(Prediction)}{(IsPredictionGuessed ? " (guessed)" : "")}";

        return $"{Kind}{task}: {string.Join(", ", parts)}{prediction}";
    }

    private static OriginalKind KindOf(UNet2DConditionConfig? unet, EquatableArray<OriginalTextEncoder> texts) => (unet, texts.Count > 0 ? texts[texts.Count - 1].Prefix : null) switch
    {
        ({ InChannels: 7, NumClassEmbeds: not null }, _) => OriginalKind.StableDiffusionUpscaler,
        (_, "conditioner.embedders.1.model.") => OriginalKind.StableDiffusionXL,
        (_, "conditioner.embedders.0.model.") => OriginalKind.StableDiffusionXLRefiner,
        (_, "cond_stage_model.model.") => OriginalKind.StableDiffusion2,
        (_, "cond_stage_model.transformer.") => OriginalKind.StableDiffusion1,
        (null, _) => OriginalKind.Autoencoder,
        ({ AdditionEmbedType: not null }, _) => unet.CrossAttentionDim[0] == ClipTextConfig.StableDiffusionXLSecond.HiddenSize ? OriginalKind.StableDiffusionXLRefiner : OriginalKind.StableDiffusionXL,
        _ => unet.UseLinearProjection || unet.CrossAttentionDim[0] == ClipTextConfig.StableDiffusion2.HiddenSize ? OriginalKind.StableDiffusion2 : OriginalKind.StableDiffusion1,
    };

    private static int Pixels(OriginalKind kind, bool isLarge) => kind switch
    {
        OriginalKind.StableDiffusionXL or OriginalKind.StableDiffusionXLRefiner => 1024,
        OriginalKind.StableDiffusionUpscaler => 256,
        _ => isLarge ? 768 : 512,
    };

    private static AutoencoderKLConfig UsualVae(OriginalKind kind) => kind switch
    {
        OriginalKind.StableDiffusionXL or OriginalKind.StableDiffusionXLRefiner => AutoencoderKLConfig.Sdxl,
        OriginalKind.StableDiffusionUpscaler => AutoencoderKLConfig.Sd.WithScaling(0.08333),
        _ => AutoencoderKLConfig.Sd,
    };

    private static DiffusionException Unknown(ICheckpointReader file)
    {
        var names = file.Entries.Select(entry => entry.Name).ToArray();
        var isDiffusers = names.Any(name => name.Contains("down_blocks.", StringComparison.Ordinal));

        return Rules.OriginalUnknown.Error(
            file.Source,
            UNetPrefixes[0] + UNetMark,
            VaePrefixes[0] + VaeMark,
            isDiffusers ? "names of diffusers, whose models FromPretrained loads from their folders" : Checkpoint.Some(names, "tensors"));
    }
}
