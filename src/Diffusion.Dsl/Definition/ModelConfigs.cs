using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The whole configurations of a pipeline's models, where their files are there and are of a kind that is known; else null.</summary>
/// <param name="Unet">A UNet2DModel's.</param>
/// <param name="ClassConditioned">A ClassConditionedUNet's.</param>
/// <param name="Condition">A UNet2DConditionModel's.</param>
/// <param name="Vae">The autoencoder's.</param>
/// <param name="Text">The text encoder's.</param>
public sealed record ModelConfigs(
    UNet2DConfig? Unet = null,
    ClassConditionedUNetConfig? ClassConditioned = null,
    UNet2DConditionConfig? Condition = null,
    AutoencoderKLConfig? Vae = null,
    ClipTextConfig? Text = null)
{
    /// <summary>Whether the text encoder ends in a projection.</summary>
    public bool TextHasProjection { get; init; }

    /// <summary>The configurations with the worse network that autoguidance compares with in the UNet's place; null: there is none.</summary>
    public ModelConfigs? Worse { get; init; }

    /// <summary>These configurations with another worse network.</summary>
    /// <param name="worse">The configurations with it in the UNet's place; null: there is none.</param>
    public ModelConfigs WithWorse(ModelConfigs? worse) => this with { Worse = worse };

    /// <summary>What is wrong with configurations that are there; those count as unknown.</summary>
    public EquatableArray<Finding> Findings { get; init; }

    /// <summary>These configurations with a text encoder that ends in a projection, or not.</summary>
    /// <param name="textHasProjection">Whether it does.</param>
    public ModelConfigs WithTextHasProjection(bool textHasProjection) => this with { TextHasProjection = textHasProjection };

    /// <summary>These configurations with other findings.</summary>
    /// <param name="findings">What is wrong with those that are there.</param>
    public ModelConfigs WithFindings(EquatableArray<Finding> findings) => this with { Findings = findings };

    /// <summary>Reads the configurations of the models that <paramref name="pipeline"/> names. Never fails: what cannot be read is unknown, and told.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="files">Where the config files come from.</param>
    public static ModelConfigs Read(Pipeline pipeline, IModelFiles files)
    {
        var findings = new List<Finding>();
        var (unet, text) = (Json(pipeline.UnetModel?.Source, pipeline.UnetModel?.Subfolder), Json(pipeline.TextModel?.Source, pipeline.TextModel?.Subfolder));
        var kind = unet?.Find("_class_name") is { Kind: JsonKind.String } name ? name.AsString() : null;
        return new ModelConfigs(
            kind is null or "UNet2DModel" ? Valid(unet, UNet2DConfig.FromJson, config => config.Validate()) : null,
            kind == ClassConditionedUNetConfig.ClassName ? Valid(unet, ClassConditionedUNetConfig.FromJson, config => config.Validate()) : null,
            kind == "UNet2DConditionModel" ? Valid(unet, UNet2DConditionConfig.FromJson, config => config.Validate()) : null,
            Valid(Json(pipeline.VaeModel?.Source, pipeline.VaeModel?.Subfolder), AutoencoderKLConfig.FromJson, config => config.Validate()),
            Valid(text, ClipTextConfig.FromJson, config => config.Validate()))
        {
            TextHasProjection = text?.Find("architectures") is { Kind: JsonKind.Array } list && list.Items.Contains(JsonValue.Of("CLIPTextModelWithProjection")),
            Worse = AutoGuidance.WorseOf(pipeline.Guiders) is { } worse ? Read(pipeline.WithUnetModel(worse).WithGuiders(), files) : null,
            Findings = findings.ToEquatableArray(),
        };

        JsonValue? Json(string? source, string? subfolder)
        {
            var path = string.IsNullOrEmpty(subfolder) ? "config.json" : subfolder + "/config.json";
            return Tried(() => source is not null && files.Find(source, path) is { } content ? JsonValue.Parse(content, source + "/" + path) : null);
        }

        T? Valid<T>(JsonValue? json, Func<JsonValue, T> read, Func<T, EquatableArray<Finding>> check)
            where T : class => json is null ? null : Tried(() =>
            {
                var config = read(json);
                var wrong = check(config);
                return wrong.IsEmpty ? config : throw new DiffusionException(wrong);
            });

        T? Tried<T>(Func<T?> get)
            where T : class
        {
            try
            {
                return get();
            }
            catch (DiffusionException wrong)
            {
                findings.AddRange(wrong.Findings);
                return null;
            }
        }
    }
}
