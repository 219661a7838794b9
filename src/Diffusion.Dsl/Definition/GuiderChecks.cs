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

        foreach (var finding in GuidanceChecks.Of(pipeline, facts))
        {
            yield return finding;
        }

        var combining = pipeline.TextModel is null ? pipeline.Guiders.FirstOrDefault(guider => guider.CombinesConditions) : null;
        if (combining is not null && facts.Unet?.Classes is null)
        {
            yield return Rules.CfgNeedsText.Found(combining.Name, Scale(combining));
        }
        else if (combining is not null && facts.Unet is { NullClass: null, Classes: { } classes })
        {
            yield return Rules.CfgNeedsNullClass.Found(combining.Name, Scale(combining), ModelFileNames.OfUnet(pipeline), classes);
        }

        if (pipeline.Guiders.OfType<ClipGuidance>().Any(clip => clip.Model is null) && pipeline.TextModel is null)
        {
            yield return Rules.GuiderModelAbsent.Found("Clip", "CLIP model", "Text(clip)");
        }

        if (!string.IsNullOrEmpty(pipeline.NegativePrompt) && Unread(pipeline) is { } why)
        {
            yield return Rules.NegativeHasNoEffect.Found(pipeline.NegativePrompt, why);
        }
    }

    private static string? Unread(Pipeline pipeline) =>
        pipeline.TextModel is null ? "the pipeline has no Text stage"
        : pipeline.Guiders.Any(guider => guider.ComparesWithUnconditional) ? null
        : pipeline.Guiders.FirstOrDefault(guider => guider.CombinesConditions) is { } combining ? combining.Name + "(1) leaves the unconditional half out"
        : "the pipeline has no Cfg";

    private static double Scale(Guider guider) => guider switch
    {
        ClassifierFreeGuidance cfg => cfg.Scale,
        AdaptiveProjectedGuidance apg => apg.Scale,
        ZeroStarGuidance zero => zero.Scale,
        PlusPlusGuidance plus => plus.Lambda,
        _ => double.NaN,
    };
}
