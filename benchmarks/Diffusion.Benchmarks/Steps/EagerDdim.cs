using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps;

/// <summary>
/// Guidance and the DDIM step (η = 0, ε-prediction, no clipping), one tensor operation for one operator of the formula and with ᾱ as 0-d tensors:
/// the operations that diffusers' pipeline and DDIMScheduler.step perform, in their order.
/// </summary>
internal static class EagerDdim
{
    public static Tensor Step(GuidedStep step, long timestep, long previous)
    {
        using var scope = NewDisposeScope();
        var halves = step.Output.chunk(2);
        var (unconditional, conditional) = (halves[0], halves[1]);
        var epsilon = unconditional + (GuidedStep.GuidanceScale * (conditional - unconditional));

        var alphaBar = step.AlphasCumprod[timestep];
        var previousAlphaBar = step.AlphasCumprod[previous];
        var betaBar = 1 - alphaBar;
        var original = (step.Sample - (betaBar.pow(0.5) * epsilon)) / alphaBar.pow(0.5);
        var variance = (1 - previousAlphaBar) / (1 - alphaBar) * (1 - (alphaBar / previousAlphaBar));
        var sigma = 0.0 * variance.pow(0.5);
        var direction = (1 - previousAlphaBar - sigma.pow(2)).pow(0.5) * epsilon;
        return ((previousAlphaBar.pow(0.5) * original) + direction).MoveToOuterDisposeScope();
    }
}
