using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>The checks of models against each other and against the picture's size.</summary>
internal static class ModelChecks
{
    public static IEnumerable<Finding> Of(Pipeline pipeline, ModelFacts facts)
    {
        if (facts.Unet is { } unet)
        {
            foreach (var finding in Unet(pipeline, facts, unet))
            {
                yield return finding;
            }
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
                var below = pixels / factor * factor;
                yield return Rules.SizeNotDivisible.Found(name, size, factor, below == 0 ? factor : below, below == 0 ? 2 * factor : below + factor);
            }
        }
    }

    private static IEnumerable<Finding> Unet(Pipeline pipeline, ModelFacts facts, UnetFacts unet)
    {
        var source = pipeline.UnetModel!.Source;
        switch (unet.CrossAttentionDim)
        {
            case { } width when pipeline.TextModel is null:
                yield return Rules.UnetNeedsText.Found(source, width);
                break;
            case { } width when facts.Text is { } text && text.HiddenSize != width:
                yield return Rules.TextWidthMismatch.Found(pipeline.TextModel.Source, text.HiddenSize, source, width);
                break;
            case null when pipeline.TextModel is not null:
                yield return Rules.UnetTakesNoText.Found(source, unet.ClassName);
                break;
        }

        // 2·latent + 1: inpainting reads a mask and a masked image; latent + 1: depth.
        if (facts.Vae is { LatentChannels: var latent } && unet.InChannels != latent && unet.InChannels != (2 * latent) + 1 && unet.InChannels != latent + 1)
        {
            yield return Rules.LatentChannelsMismatch.Found(pipeline.VaeModel!.Source, latent, source, unet.InChannels);
        }

        var resolved = pipeline.Sampler ?? (facts.Scheduler is null ? null : new DdpmScheduler());
        if (resolved is DdpmScheduler ddpm && (ddpm.Variance ?? facts.Scheduler?.Variance) is { } variance
            && variance is VarianceType.Learned or VarianceType.LearnedRange && unet.OutChannels != 2 * unet.InChannels)
        {
            yield return Rules.LearnedVarianceNeedsChannels.Found(Names.Of(variance), unet.OutChannels, unet.InChannels, 2 * unet.InChannels);
        }
    }
}
