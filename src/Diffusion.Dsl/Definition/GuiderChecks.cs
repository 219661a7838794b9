using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The checks on guiders, alone and against the rest of the pipeline.</summary>
internal static class GuiderChecks
{
    public static IEnumerable<Finding> Of(Pipeline pipeline, ModelFacts facts)
    {
        foreach (var finding in pipeline.Guiders.SelectMany(guider => guider.Check()))
        {
            yield return finding;
        }

        foreach (var same in pipeline.Guiders.GroupBy(guider => guider.Name).Where(group => group.Count() > 1))
        {
            yield return Rules.GuiderTwice.Found(same.Key, same.Count());
        }

        var cfg = pipeline.Guiders.OfType<ClassifierFreeGuidance>().FirstOrDefault();
        if (cfg is not null && pipeline.TextModel is null)
        {
            if (facts.Unet?.Classes is not { } classes)
            {
                yield return Rules.CfgNeedsText.Found(cfg.Scale);
            }
            else if (facts.Unet.NullClass is null)
            {
                yield return Rules.CfgNeedsNullClass.Found(cfg.Scale, ModelFileNames.OfUnet(pipeline), classes);
            }
        }

        if (pipeline.Guiders.OfType<ClipGuidance>().Any(clip => clip.Model is null) && pipeline.TextModel is null)
        {
            yield return Rules.GuiderModelAbsent.Found("Clip", "CLIP model", "Text(clip)");
        }

        if (!string.IsNullOrEmpty(pipeline.NegativePrompt) && Unread(pipeline, cfg) is { } why)
        {
            yield return Rules.NegativeHasNoEffect.Found(pipeline.NegativePrompt, why);
        }
    }

    private static string? Unread(Pipeline pipeline, ClassifierFreeGuidance? cfg) => cfg switch
    {
        _ when pipeline.TextModel is null => "the pipeline has no Text stage",
        null => "the pipeline has no Cfg",
        { Scale: 1 } => "Cfg(1) leaves the unconditional half out",
        _ => null,
    };
}
