using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Adam without weight decay, Kingma and Ba (2014), arXiv:1412.6980, Algorithm 1; PyTorch's defaults.</summary>
/// <param name="Rate">The peak learning rate, above 0.</param>
public sealed record AdamOptimizer(double Rate) : Optimizer(Rate)
{
    /// <summary>Memory of the mean gradient, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Memory of the mean squared gradient, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The same with another peak learning rate.</summary>
    /// <param name="rate">Above 0.</param>
    public AdamOptimizer WithRate(double rate) => this with { Rate = rate };

    /// <summary>The same with another memory of the mean gradient.</summary>
    /// <param name="beta1">In [0, 1).</param>
    public AdamOptimizer WithBeta1(double beta1) => this with { Beta1 = beta1 };

    /// <summary>The same with another memory of the mean squared gradient.</summary>
    /// <param name="beta2">In [0, 1).</param>
    public AdamOptimizer WithBeta2(double beta2) => this with { Beta2 = beta2 };

    /// <summary>The same with another ε.</summary>
    /// <param name="epsilon">Above 0.</param>
    public AdamOptimizer WithEpsilon(double epsilon) => this with { Epsilon = epsilon };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => CheckMoments("Adam", Beta1, Beta2, Epsilon);

    /// <summary>The canonical text: <c>Adam(0.001)</c>.</summary>
    public override string ToString() => new Signature("Adam")
        .Argument(Rate)
        .Option("beta1", Beta1, 0.9)
        .Option("beta2", Beta2, 0.999)
        .Option("epsilon", Epsilon, 1e-8)
        .ToString();
}
