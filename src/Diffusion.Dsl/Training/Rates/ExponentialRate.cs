using System;
using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>The rate is multiplied by a factor after every so many steps: peak · gamma^⌊step / every⌋.</summary>
/// <remarks>
/// PyTorch's <c>ExponentialLR</c> is stepped by the training script: the diffusion course does it once an epoch with gamma 0.9. Not one of diffusers' names.
/// </remarks>
/// <param name="Gamma">The factor, in (0, 1].</param>
/// <param name="Every">Steps between two multiplications, at least 1: an epoch's.</param>
public sealed record ExponentialRate(double Gamma = 0.9, int Every = 1) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "exponential";

    /// <summary>The same schedule with another factor.</summary>
    /// <param name="gamma">In (0, 1].</param>
    public ExponentialRate WithGamma(double gamma) => this with { Gamma = gamma };

    /// <summary>The same schedule with another distance between two multiplications.</summary>
    /// <param name="every">Steps, at least 1.</param>
    public ExponentialRate WithEvery(int every) => this with { Every = every };

    /// <inheritdoc/>
    public override double At(int step, double peak, int totalSteps) => peak * Math.Pow(Gamma, step / Every);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(double peak, int totalSteps)
    {
        if (!(Gamma > 0 && Gamma <= 1))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("gamma", "Exponential", Gamma, "above 0 and at most 1", 0.9);
        }

        if (Every < 1)
        {
            yield return Rules.TrainingOptionOutOfRange.Found("every", "Exponential", Every, "1 or more", 1);
        }
    }

    /// <summary>The canonical text: <c>Exponential(0.9, every: 100)</c>.</summary>
    public override string ToString() => new Signature("Exponential").Argument(Gamma).Option("every", Every, 1).ToString();
}
