using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Checks that several training definitions share.</summary>
internal static class TrainingChecks
{
    public static IEnumerable<Finding> Above0(string option, string name, double value, double usual)
    {
        if (!(value > 0 && value < double.PositiveInfinity))
        {
            yield return Rules.TrainingOptionOutOfRange.Found(option, name, value, "a finite number above 0", usual);
        }
    }

    public static IEnumerable<Finding> Warmup(string name, int warmup, int totalSteps)
    {
        if (warmup < 0)
        {
            yield return Rules.TrainingOptionOutOfRange.Found("the warm-up", name, warmup, "0 (none) or more", 500);
        }
        else if (warmup > 0 && warmup >= totalSteps)
        {
            yield return Rules.WarmupTooLong.Found(name, warmup, totalSteps);
        }
    }
}
