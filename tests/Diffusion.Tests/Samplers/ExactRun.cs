using System;
using System.Linq;
using System.Numerics;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;

namespace Diffusion.Tests.Samplers;

/// <summary>
/// Runs the steps of a plan with a network that is exact for one clean sample: every register is a vector of factors, of x0, of the noise ε at the step's start and
/// of each noise drawn since.
/// </summary>
internal sealed class ExactRun(PipelinePlan plan) : RegisterRun<ExactRun.Value>
{
    private int _draws;

    /// <summary>How far x is from the level that the step says it ends at, after the step began exactly at its own.</summary>
    public double MarginalError(Step step)
    {
        // ε of this step: what earlier steps added is part of it.
        X = Value.Of(step.Start.Alpha, step.Start.Sigma);
        Run(step);
        return Math.Max(Math.Abs(X.Clean - step.Level.Alpha), Math.Abs(X.Variance - (step.Level.Sigma * step.Level.Sigma)) / Math.Max(1, step.Level.Sigma * step.Level.Sigma));
    }

    protected override Value Evaluate(EvaluateOp evaluate, Step step) => Output(evaluate.Level);

    protected override Value Noise(double deviation) => new Value([.. new double[2 + _draws++], 1]) * deviation;

    /// <summary>What an exact network says of x: its noise is whatever is not α·x0.</summary>
    private Value Output(NoiseLevel level)
    {
        var clean = Value.Of(1, 0);
        var noise = (X + (clean * -level.Alpha)) * (1 / level.Sigma);
        if (SigmaData is { } data)
        {
            // arXiv:2206.00364, Eq. 7, solved for the network.
            var sign = plan.Spec.Prediction == PredictionType.VPrediction ? -1 : 1;
            var power = (level.Sigma * level.Sigma) + (data * data);
            return (clean + (X * (-data * data / power))) * (sign * Math.Sqrt(power) / (level.Sigma * data));
        }

        var scale = Math.Sqrt((level.Alpha * level.Alpha) + (level.Sigma * level.Sigma));
        return (plan.Spec.Sampler.OwnPrediction ?? plan.Spec.Prediction) switch
        {
            PredictionType.Epsilon => noise,
            PredictionType.Sample => clean,
            PredictionType.Flow => noise + (clean * -1),
            _ => (clean * (-level.Sigma / scale)) + (noise * (level.Alpha / scale)),
        };
    }

    private double? SigmaData => plan.Spec.Sampler switch
    {
        EdmEulerScheduler edm => edm.SigmaData,
        EdmDpmSolverScheduler edm => edm.SigmaData,
        _ => null,
    };

    /// <summary>Factors of x0, of ε and of each noise drawn.</summary>
    internal readonly record struct Value(double[]? Factors) : IAdditionOperators<Value, Value, Value>, IMultiplyOperators<Value, double, Value>
    {
        public double Clean => Factors?[0] ?? 0;

        public double Variance => Factors?.Skip(1).Sum(factor => factor * factor) ?? 0;

        public static Value Of(double clean, double noise) => new([clean, noise]);

        public static Value operator +(Value one, Value other) => one.Factors is null ? other : other.Factors is null ? one
            : new(Enumerable.Range(0, Math.Max(one.Factors.Length, other.Factors.Length)).Select(i => one.Factors.ElementAtOrDefault(i) + other.Factors.ElementAtOrDefault(i)).ToArray());

        public static Value operator *(Value value, double factor) => new(value.Factors is null ? null : Array.ConvertAll(value.Factors, part => part * factor));
    }
}
