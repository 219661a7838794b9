using System;
using Diffusion.Dsl.Steps;

namespace Diffusion.Tests.Samplers;

/// <summary>Runs the steps of a deterministic sampler on a number.</summary>
/// <param name="network">What the network says of x in an evaluation of a step.</param>
internal sealed class ValueRun(Func<double, EvaluateOp, Step, double> network) : RegisterRun<double>
{
    protected override double Evaluate(EvaluateOp evaluate, Step step) => network(X, evaluate, step);

    protected override double Noise(double deviation) => throw new NotSupportedException("a deterministic sampler draws noise");
}
