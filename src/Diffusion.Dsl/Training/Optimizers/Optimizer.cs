using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>How gradients change parameters. A closed family.</summary>
public abstract record Optimizer
{
    private protected Optimizer(double rate) => Rate = rate;

    /// <summary>The peak learning rate, above 0; the schedule says what share of it a step uses.</summary>
    public double Rate { get; init; }

    /// <summary>What is wrong with the numbers; empty if nothing is.</summary>
    public abstract IEnumerable<Finding> Check();

    private protected IEnumerable<Finding> CheckMoments(string name, double beta1, double beta2, double epsilon)
    {
        foreach (var finding in TrainingChecks.Above0("the learning rate", name, Rate, 1e-4))
        {
            yield return finding;
        }

        foreach (var (option, beta, usual) in new[] { ("beta1", beta1, 0.9), ("beta2", beta2, 0.999) })
        {
            if (!(beta >= 0 && beta < 1))
            {
                yield return Rules.TrainingOptionOutOfRange.Found(option, name, beta, "at least 0 and below 1", usual);
            }
        }

        foreach (var finding in TrainingChecks.Above0("epsilon", name, epsilon, 1e-8))
        {
            yield return finding;
        }
    }
}
