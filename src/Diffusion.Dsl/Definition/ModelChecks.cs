using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The checks of models against each other and against the picture's size.</summary>
internal static class ModelChecks
{
    public static IEnumerable<Finding> Of(Pipeline pipeline, ModelFacts facts) =>
        Parts(pipeline, facts)
            .Concat(facts.Unet is { } unet ? Text(pipeline, facts, unet).Concat(Latents(pipeline, facts, unet)).Concat(Variance(pipeline, facts, unet)) : [])
            .Concat(Size(pipeline, facts));

    // Whoever names another folder than pipelines have knows more than the index.
    private static IEnumerable<Finding> Parts(Pipeline pipeline, ModelFacts facts)
    {
        var parts = new[]
        {
            (Name: "UNet", pipeline.UnetModel?.Source, pipeline.UnetModel?.Subfolder, IsKnown: facts.Unet is not null, Usual: "unet"),
            (Name: "VAE", pipeline.VaeModel?.Source, pipeline.VaeModel?.Subfolder, IsKnown: facts.Vae is not null, Usual: "vae"),
            (Name: "text encoder", pipeline.TextModel?.Source, pipeline.TextModel?.Subfolder, IsKnown: facts.Text is not null, Usual: "text_encoder"),
        };
        return
            from part in parts
            where !part.IsKnown && part.Subfolder == part.Usual
            from index in facts.Indexes
            where index.Source == part.Source && !index.Parts.Contains(part.Usual)
            select Rules.PartMissing.Found(part.Name, part.Source, part.Source + "/" + CheckpointIndex.FileName, part.Usual, string.Join(", ", index.Parts));
    }

    private static IEnumerable<Finding> Text(Pipeline pipeline, ModelFacts facts, UnetFacts unet)
    {
        var source = ModelFileNames.OfUnet(pipeline);
        switch (unet.CrossAttentionDim)
        {
            case { } width when pipeline.TextModel is null:
                yield return Rules.UnetNeedsText.Found(source, width);
                break;
            case { } width when facts.Text is { } text && text.HiddenSize != width && !IsWidthOfTwo(facts, unet, width):
                yield return Rules.TextWidthMismatch.Found(ModelFileNames.OfText(pipeline), text.HiddenSize, source, width);
                break;
            case null when pipeline.TextModel is not null:
                yield return Rules.UnetTakesNoText.Found(source, unet.ClassName);
                break;
        }

        if (unet.AdditionEmbedType is { } more)
        {
            yield return Rules.UnetReadsMore.Found(source, more);
        }
    }

    // SDXL sets the vectors of two encoders side by side: the first is right, and there is more to say than its width.
    private static bool IsWidthOfTwo(ModelFacts facts, UnetFacts unet, int width) =>
        unet.AdditionEmbedType is not null && facts.Text?.HiddenSize + facts.SecondText?.HiddenSize == width;

    private static IEnumerable<Finding> Latents(Pipeline pipeline, ModelFacts facts, UnetFacts unet)
    {
        var source = ModelFileNames.OfUnet(pipeline);
        if (pipeline.VaeModel is null)
        {
            // Pictures have 1 or 3 channels, of which a network may also predict the variances. A network that the program brings may do anything.
            if (pipeline.UnetModel?.Facts is null && unet.OutChannels is not (1 or 2 or 3 or 6))
            {
                yield return Rules.VaeMissing.Found(source, unet.OutChannels);
            }

            yield break;
        }

        if (facts.Vae is not { LatentChannels: var latent })
        {
            yield break;
        }

        // 2·latent + 1: inpainting reads a mask and a masked image; latent + 1: depth; latent + 3: a small picture, which is rare and not named as a remedy.
        var (depth, inpainting) = (latent + 1, (2 * latent) + 1);
        if (unet.InChannels != latent && unet.InChannels != depth && unet.InChannels != inpainting && unet.InChannels != latent + 3)
        {
            yield return Rules.LatentChannelsMismatch.Found(ModelFileNames.OfVae(pipeline), latent, source, unet.InChannels, depth, inpainting);
        }
        else if (unet.OutChannels != latent && unet.OutChannels != 2 * latent)
        {
            yield return Rules.LatentOutputMismatch.Found(source, unet.OutChannels, ModelFileNames.OfVae(pipeline), latent, 2 * latent);
        }
    }

    private static IEnumerable<Finding> Variance(Pipeline pipeline, ModelFacts facts, UnetFacts unet)
    {
        var resolved = pipeline.Sampler ?? (facts.Scheduler is null ? null : new DdpmScheduler());
        if (resolved is DdpmScheduler ddpm && (ddpm.Variance ?? facts.Scheduler?.Variance) is { } variance
            && variance is VarianceType.Learned or VarianceType.LearnedRange && unet.OutChannels != 2 * unet.InChannels)
        {
            var said = ddpm.Variance is null ? " (see " + ModelFileNames.OfScheduler(pipeline) + ")" : "";
            yield return Rules.LearnedVarianceNeedsChannels.Found(Names.Of(variance) + said, unet.OutChannels, unet.InChannels, 2 * unet.InChannels);
        }
    }

    private static IEnumerable<Finding> Size(Pipeline pipeline, ModelFacts facts)
    {
        if (pipeline.VaeMemory is not null && pipeline.VaeModel is null)
        {
            yield return Rules.VaeMemoryHasNoEffect.Found(pipeline.VaeMemory.Tiles ? nameof(Pipeline.VaeTiling) : nameof(Pipeline.VaeSlicing));
        }

        if (pipeline.VaeMemory?.TileSize is { } tile && facts.Vae is { Factor: var shrinks } && tile % shrinks != 0)
        {
            yield return Divisible("the tile size", tile, shrinks, pipeline, facts);
        }

        var factor = pipeline.VaeModel is null ? 1 : facts.Vae?.Factor ?? 8;
        foreach (var (name, size) in new[] { ("height", pipeline.Height), ("width", pipeline.Width) })
        {
            if (size < 1)
            {
                yield return Rules.SizeOutOfRange.Found(name, size, factor * 64);
            }
            else if (size is { } pixels && pixels % factor != 0)
            {
                yield return Divisible(name, pixels, factor, pipeline, facts);
            }
        }
    }

    private static Finding Divisible(string name, int size, int factor, Pipeline pipeline, ModelFacts facts)
    {
        var below = System.Math.Max(size / factor * factor, factor);
        var vae = facts.Vae is null ? "the VAE" : "the VAE of " + ModelFileNames.OfVae(pipeline);
        return Rules.SizeNotDivisible.Found(name, size, factor, below, below + factor, vae);
    }
}
