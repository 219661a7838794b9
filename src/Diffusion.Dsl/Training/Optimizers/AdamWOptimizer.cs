using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Adam with decoupled weight decay, Loshchilov and Hutter (2017), arXiv:1711.05101, Algorithm 2; PyTorch's defaults.</summary>
/// <param name="Rate">The peak learning rate, above 0.</param>
/// <param name="WeightDecay">λ, at least 0: each step first shrinks the parameters by 1 − rate · λ.</param>
public sealed record AdamWOptimizer(double Rate, double WeightDecay = 0.01) : Optimizer(Rate)
{
    /// <summary>Memory of the mean gradient, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Memory of the mean squared gradient, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The same with another peak learning rate.</summary>
    /// <param name="rate">Above 0.</param>
    public AdamWOptimizer WithRate(double rate) => this with { Rate = rate };

    /// <summary>The same with another weight decay.</summary>
    /// <param name="weightDecay">λ, at least 0.</param>
    public AdamWOptimizer WithWeightDecay(double weightDecay) => this with { WeightDecay = weightDecay };

    /// <summary>The same with another memory of the mean gradient.</summary>
    /// <param name="beta1">In [0, 1).</param>
    public AdamWOptimizer WithBeta1(double beta1) => this with { Beta1 = beta1 };

    /// <summary>The same with another memory of the mean squared gradient.</summary>
    /// <param name="beta2">In [0, 1).</param>
    public AdamWOptimizer WithBeta2(double beta2) => this with { Beta2 = beta2 };

    /// <summary>The same with another ε.</summary>
    /// <param name="epsilon">Above 0.</param>
    public AdamWOptimizer WithEpsilon(double epsilon) => this with { Epsilon = epsilon };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in CheckMoments("AdamW", Beta1, Beta2, Epsilon))
        {
            yield return finding;
        }

        if (!(WeightDecay >= 0 && WeightDecay < double.PositiveInfinity))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("weight_decay", "AdamW", WeightDecay, "0 (none) or more", 0.01);
        }
    }

    /// <summary>The canonical text: <c>AdamW(0.0004)</c>.</summary>
    public override string ToString() => new Signature("AdamW")
        .Argument(Rate)
        .Option("weight_decay", WeightDecay, 0.01)
        .Option("beta1", Beta1, 0.9)
        .Option("beta2", Beta2, 0.999)
        .Option("epsilon", Epsilon, 1e-8)
        .ToString();
}
