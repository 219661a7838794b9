using System;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps;

/// <summary>The same step as one linear combination a·x + b·u + c·c: the shortest that tensor operations can say it.</summary>
internal static class LinearDdim
{
    /// <summary>The factors of x, of the unconditional and of the conditional output.</summary>
    public static (double Sample, double Unconditional, double Conditional) Factors(GuidedStep step, long timestep, long previous)
    {
        var (alphaBar, previousAlphaBar) = (AlphaBar(step, timestep), AlphaBar(step, previous));
        var scale = Math.Sqrt(previousAlphaBar / alphaBar);
        var output = Math.Sqrt(1 - previousAlphaBar) - (scale * Math.Sqrt(1 - alphaBar));
        return (scale, output * (1 - GuidedStep.GuidanceScale), output * GuidedStep.GuidanceScale);
    }

    public static Tensor Step(GuidedStep step, (double Sample, double Unconditional, double Conditional) factors)
    {
        using var scope = NewDisposeScope();
        var halves = step.Output.chunk(2);
        return step.Sample.mul(factors.Sample).add_(halves[0], factors.Unconditional).add_(halves[1], factors.Conditional).MoveToOuterDisposeScope();
    }

    private static double AlphaBar(GuidedStep step, long timestep)
    {
        using var value = step.AlphasCumprod[timestep];
        return value.item<float>();
    }
}
