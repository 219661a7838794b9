using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;

namespace Diffusion.Tests.Samplers;

/// <summary>
/// Runs the steps of a plan with a network that is exact for one clean sample and one noise: every register is a pair of factors, of x0 and of ε, and fresh
/// noise adds its variance.
/// </summary>
internal sealed class ExactRun(PipelinePlan plan)
{
    private readonly Dictionary<Register, Value> _registers = [];

    /// <summary>How far x is from the level that the step says it ends at, after the step began exactly at its own.</summary>
    public double MarginalError(Step step)
    {
        // ε of this step: what earlier steps added is part of it.
        _registers[Register.X] = new(step.Start.Alpha, step.Start.Sigma, 0);
        foreach (var op in step.Ops)
        {
            Apply(op);
        }

        var x = _registers[Register.X];
        return Math.Max(
            Math.Abs(x.Clean - step.Level.Alpha),
            Math.Abs((x.Noise * x.Noise) + x.Variance - (step.Level.Sigma * step.Level.Sigma)) / Math.Max(1, step.Level.Sigma * step.Level.Sigma));
    }

    private void Apply(StepOp op)
    {
        switch (op)
        {
            case EvaluateOp evaluate:
                _registers[evaluate.Outputs[0]] = Output(evaluate.Level);
                break;
            case ConvertOp convert:
                _registers[convert.Target] = Sum([new(Register.X, convert.P), new(convert.Output, convert.Q)]);
                break;
            case AffineOp affine:
                _registers[affine.Target] = Sum(affine.Terms) + new Value(0, 0, affine.Noise * affine.Noise);
                break;
            case ShiftOp shift:
                for (var age = shift.Depth; age > 1; age--)
                {
                    _registers[Register.History(age)] = _registers.GetValueOrDefault(Register.History(age - 1), new(0, 0, 0));
                }

                break;
            case DrawOp draw:
                _registers[draw.Target] = new(0, 0, 1);
                break;
            case WatchOp:
                break;
            default:
                throw new NotSupportedException("the law does not know " + op);
        }
    }

    private Value Output(NoiseLevel level)
    {
        var scale = Math.Sqrt((level.Alpha * level.Alpha) + (level.Sigma * level.Sigma));
        return (plan.Spec.Sampler.OwnPrediction ?? plan.Spec.Prediction) switch
        {
            PredictionType.Epsilon => new(0, 1, 0),
            PredictionType.Sample => new(1, 0, 0),
            PredictionType.Flow => new(-1, 1, 0),
            _ => new(-level.Sigma / scale, level.Alpha / scale, 0),
        };
    }

    private Value Sum(IEnumerable<Term> terms) => terms.Aggregate(new Value(0, 0, 0), (sum, term) => sum + (_registers[term.Source] * term.Coefficient));

    private readonly record struct Value(double Clean, double Noise, double Variance)
    {
        public static Value operator +(Value one, Value other) => new(one.Clean + other.Clean, one.Noise + other.Noise, one.Variance + other.Variance);

        public static Value operator *(Value value, double factor) => new(value.Clean * factor, value.Noise * factor, value.Variance * factor * factor);
    }
}
