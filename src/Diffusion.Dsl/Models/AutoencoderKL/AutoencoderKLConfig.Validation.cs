using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

public sealed partial record AutoencoderKLConfig
{
    /// <summary>Everything that is wrong with this configuration; empty where a model can be built from it.</summary>
    public EquatableArray<Finding> Validate() => ToLayout().Findings().Concat(Scaling()).ToEquatableArray();

    private IEnumerable<Finding> Scaling()
    {
        if (ConfigChecks.Positive("scaling_factor", ScalingFactor) is { } scaling)
            yield return scaling;
        if (ShiftFactor is double.NaN or double.PositiveInfinity or double.NegativeInfinity)
            yield return Rules.ConfigOutOfRange.Found("shift_factor", ShiftFactor, "a finite number");
        if (LatentsMean.Count != LatentsStd.Count)
            yield return Rules.ConfigNeeds.Found("latents_mean", $"a list of {LatentsMean.Count}", "latents_std", $"a list of {LatentsStd.Count}", "give both one number for each latent channel, or leave both out");
        else if (!LatentsMean.IsEmpty && LatentsMean.Count != LatentChannels)
            yield return Rules.ConfigNeeds.Found("latents_mean", $"a list of {LatentsMean.Count}", "latent_channels", LatentChannels, "give one number for each latent channel");
        for (var i = 0; i < LatentsStd.Count; i++)
        {
            if (ConfigChecks.Positive($"latents_std[{i}]", LatentsStd[i]) is { } std)
                yield return std;
        }
    }
}
