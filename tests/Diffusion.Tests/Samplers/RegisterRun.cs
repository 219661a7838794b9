using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Diffusion.Dsl.Steps;

namespace Diffusion.Tests.Samplers;

/// <summary>Runs the operations of a step over registers that hold <typeparamref name="TValue"/>: numbers, or what stands for them in a law.</summary>
internal abstract class RegisterRun<TValue>
    where TValue : struct, IAdditionOperators<TValue, TValue, TValue>, IMultiplyOperators<TValue, double, TValue>
{
    private readonly Dictionary<Register, TValue> _registers = [];

    /// <summary>The sample; a run starts by setting it.</summary>
    public TValue X
    {
        get => _registers[Register.X];
        set => _registers[Register.X] = value;
    }

    /// <summary>Runs one step from <see cref="X"/>; what earlier steps kept is still there.</summary>
    public void Run(Step step)
    {
        foreach (var op in step.Ops)
        {
            Apply(op, step);
        }
    }

    /// <summary>What the network says of <see cref="X"/>.</summary>
    protected abstract TValue Evaluate(EvaluateOp evaluate, Step step);

    /// <summary>Fresh noise of a standard deviation.</summary>
    protected abstract TValue Noise(double deviation);

    private void Apply(StepOp op, Step step)
    {
        switch (op)
        {
            case EvaluateOp evaluate:
                _registers[evaluate.Outputs[0]] = Evaluate(evaluate, step);
                break;
            case ConvertOp convert:
                _registers[convert.Target] = Sum([new(Register.X, convert.P), new(convert.Output, convert.Q)]);
                break;
            case AffineOp affine:
                var sum = Sum(affine.Terms);
                _registers[affine.Target] = affine.Noise == 0 ? sum : sum + Noise(affine.Noise);
                break;
            case ShiftOp shift:
                for (var age = shift.Depth; age > 1; age--)
                {
                    _registers[Register.History(age)] = _registers.GetValueOrDefault(Register.History(age - 1));
                }

                break;
            case DrawOp draw:
                _registers[draw.Target] = Noise(1);
                break;
            case WatchOp:
                break;
            default:
                throw new NotSupportedException("the law does not know " + op);
        }
    }

    private TValue Sum(IEnumerable<Term> terms) => terms.Aggregate(default(TValue), (sum, term) => sum + (_registers[term.Source] * term.Coefficient));
}
