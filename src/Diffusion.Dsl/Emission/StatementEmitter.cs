using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Emission;

/// <summary>Writes the operations of one step as C# statements, each with its formula beside it.</summary>
internal sealed class StatementEmitter
{
    private const int CommentColumn = 72;

    private readonly List<string> _lines = [];
    private readonly IReadOnlyList<StepOp> _ops;
    private readonly string[][] _numbers;
    private readonly string _index;

    /// <summary>What each register is called in the code; a register without a name is not declared yet.</summary>
    private readonly Dictionary<Register, string> _names = new() { [Register.X] = "x" };

    private StatementEmitter(IReadOnlyList<StepOp> ops, string[][] numbers, string index) => (_ops, _numbers, _index) = (ops, numbers, index);

    /// <param name="ops">The operations of a fused step.</param>
    /// <param name="numbers">For each operation, the expressions of its numbers.</param>
    /// <param name="index">The expression of the step's index.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<StepOp> ops, string[][] numbers, string index)
    {
        var emitter = new StatementEmitter(ops, numbers, index);
        for (var at = 0; at < ops.Count; at++)
        {
            emitter.Emit(at);
        }

        emitter.Add("yield return run.Step(" + index + ", " + numbers[0][0] + ", x);");
        return emitter._lines;
    }

    private void Emit(int at)
    {
        var values = _numbers[at];
        switch (_ops[at])
        {
            case EvaluateOp evaluate:
                Evaluate(evaluate, values);
                if (!_ops.Any(op => op is ClampOp or GuideOp))
                {
                    Watch(["x", .. evaluate.Outputs.Select(output => _names[output])]);
                }

                break;
            case GuideOp guide:
                Add("using var m = Guidance.Rescaled(" + values[guide.Terms.Count] + ", " + Sum(guide.Terms, values) + ");", "m = w·c + (1 − w)·u, to the deviation of c");
                _names[Register.M] = "m";
                if (!_ops.Any(op => op is ClampOp))
                {
                    Watch(["x", "m"]);
                }

                break;
            case AffineOp affine when affine.Target == Register.X0 && at + 1 < _ops.Count && _ops[at + 1] is ClampOp { Clamp: RangeClamp }:
                Add("using var x0 = Combine.Clamped(" + _numbers[at + 1][0] + ", " + Sum(affine.Terms, values) + ");", "x0 = clamp(" + Formula(affine) + ")");
                _names[Register.X0] = "x0";
                break;
            case AffineOp affine:
                Affine(affine, values);
                break;
            case ClampOp clamp:
                if (clamp.Clamp is DynamicThreshold)
                {
                    Add("Clamping.Dynamic(x0, " + values[0] + ", " + values[1] + ");", "each picture: cut to its quantile, divide by it");
                }

                Watch(["x0"]);
                break;
            case LearnedNoiseOp learned:
                Add("using var z = run.Noise();", "z ~ N(0, I)");
                Add(
                    learned.IsRange ? "LearnedNoise.AddRange(x, e.V, z, " + values[0] + ", " + values[1] + ");" : "LearnedNoise.Add(x, e.V, z);",
                    learned.IsRange ? "x ← x + exp(½ log σ²(v))·z" : "x ← x + √v·z");
                break;
            case RememberOp remember:
                Add("Combine.Into(" + remember.Slot + ", 1, " + _names[remember.Source] + ");", remember.ToString());
                break;
        }
    }

    private void Evaluate(EvaluateOp evaluate, string[] values)
    {
        var input = "x, " + values[0] + (evaluate.Scale == 1 ? "" : ", scale: " + values[1]);
        var isPart = evaluate.Outputs.Count > 1 || evaluate.SplitVariance;
        foreach (var output in evaluate.Outputs)
        {
            _names[output] = isPart ? "e." + output.Name.ToUpperInvariant() : output.Name;
        }

        var (both, unconditional) = (evaluate.Outputs.Count > 1, evaluate.Outputs[0] == Register.U);
        var call = both ? "EvaluateBoth(" + input + (evaluate.SplitVariance ? ", split: true" : "")
            : evaluate.SplitVariance ? "EvaluateSplit(" + input + (unconditional ? ", unconditional: true" : "")
            : unconditional ? "EvaluateUnconditional(" + input
            : "Evaluate(" + input;
        Add(
            "using var " + (isPart ? "e" : evaluate.Outputs[0].Name) + " = run." + call + ");",
            string.Join(", ", evaluate.Outputs) + (evaluate.SplitVariance ? ", v" : "") + " = network(x, t" + (both ? ", negative | text)" : unconditional ? ", negative)" : ")"));
    }

    private void Affine(AffineOp affine, string[] values)
    {
        var sum = Sum(affine.Terms, values);
        var noise = values[affine.Terms.Count];
        if (affine is { DrawsNoise: true, Noise: 0 } && noise == "0")
        {
            Add("run.SkipNoise();", "the generator advances, the weight of z is 0");
        }
        else if (affine.DrawsNoise)
        {
            Add("using var z = run.Noise();", "z ~ N(0, I)");
            sum += ", " + noise + ", z";
        }

        var target = affine.Target;
        if (_names.TryGetValue(target, out var name) || target.IsHistory)
        {
            Add("Combine.Into(" + (name ?? target.Name) + ", " + sum + ");", target + " ← " + Formula(affine));
        }
        else
        {
            Add("using var " + target + " = Combine.New(" + sum + ");", target + " = " + Formula(affine));
            _names[target] = target.Name;
        }
    }

    private void Watch(IEnumerable<string> tensors) => Add("run.Watch(" + _index + ", " + string.Join(", ", tensors) + ");", "x0, if someone looks");

    private string Sum(EquatableArray<Term> terms, string[] values) => string.Join(", ", terms.Select((term, i) => values[i] + ", " + Name(term.Source)));

    private string Name(Register register) => _names.TryGetValue(register, out var name) ? name : register.Name;

    private static string Formula(AffineOp affine) =>
        string.Join(" + ", affine.Terms.Select((term, i) => CoefficientNames.Of(affine).ElementAt(i).ToLowerInvariant() + "·" + term.Source)) + (affine.DrawsNoise ? " + c·z" : "");

    private void Add(string statement, string? comment = null) => _lines.Add(comment is null ? statement : statement.PadRight(CommentColumn) + " // " + comment);
}
