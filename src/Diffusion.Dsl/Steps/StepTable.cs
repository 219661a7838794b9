using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl.Steps;

/// <summary>A sampler as data: the rows it runs through, all coefficients in double.</summary>
public sealed record StepTable
{
    /// <summary>A table, checked at birth: at least one row, and every coefficient finite.</summary>
    /// <param name="steps">The rows, from noisy to clean.</param>
    /// <exception cref="ArgumentException">A coefficient is NaN or infinite: the derivation is wrong, or validation let a definition pass.</exception>
    public StepTable(IEnumerable<Step> steps)
    {
        Steps = steps.ToEquatableArray();
        if (Steps.IsEmpty)
        {
            throw new ArgumentException("a step table needs at least one row", nameof(steps));
        }

        foreach (var step in Steps)
        {
            if (step.Ops.IsEmpty || step.Ops[0] is not EvaluateOp)
            {
                throw new ArgumentException("the step " + step.Label + " does not begin with an evaluation", nameof(steps));
            }

            if (step.Ops.SelectMany(Coefficients.Of).Any(value => double.IsNaN(value) || double.IsInfinity(value)))
            {
                throw new ArgumentException("a coefficient of the step " + step.Label + " is not finite:\n" + step, nameof(steps));
            }
        }
    }

    /// <summary>The rows, from noisy to clean.</summary>
    public EquatableArray<Step> Steps { get; }

    /// <summary>The standard deviation of the first x (diffusers' <c>init_noise_sigma</c>).</summary>
    public double InitialNoiseSigma { get; init; } = 1;

    /// <summary>Every evaluation of the network, in order.</summary>
    public IEnumerable<EvaluateOp> Evaluations => Steps.SelectMany(step => step.Ops).OfType<EvaluateOp>();

    /// <inheritdoc/>
    public override string ToString() => string.Concat(Steps.Select(step => step.ToString()));
}
