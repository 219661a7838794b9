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

    private int _draws;

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
                break;
            case GuideOp guide:
                Add("using var " + guide.Target + " = Guidance.Rescaled(" + values[guide.Terms.Count] + ", " + Sum(guide.Terms, values) + ");", guide.Target + " = w·c + (1 − w)·u" + (guide.Terms.Count > 2 ? " + …" : "") + ", to the deviation of c");
                _names[guide.Target] = guide.Target.Name;
                break;
            case AlignOp align:
                Define(align.Target, "Guidance.Aligned(" + Name(align.Source) + ", " + Name(align.Along) + ")", align.ToString());
                break;
            case ProjectOp project:
                Define(project.Target, "Guidance.Projected(" + Name(project.Source) + ", " + Name(project.Along) + ", " + values[0] + ", " + values[1] + ")", project.ToString());
                break;
            case AffineOp affine when at + 1 < _ops.Count && _ops[at + 1] is ClampOp { Clamp: RangeClamp } clamp && affine.Target == clamp.Target:
                Add("using var " + affine.Target + " = Combine.Clamped(" + _numbers[at + 1][0] + ", " + Sum(affine.Terms, values) + ");", affine.Target + " = clamp(" + Formula(affine, values) + ")");
                _names[affine.Target] = affine.Target.Name;
                break;
            case AffineOp affine:
                Affine(affine, values);
                break;
            case ClampOp { Clamp: DynamicThreshold } clamp:
                Add("Clamping.Dynamic(" + clamp.Target + ", " + values[0] + ", " + values[1] + ");", "each picture: cut to its quantile, divide by it");
                break;
            case WatchOp watch:
                Watch(watch);
                break;
            case SteerOp steer:
                Steer(steer, values);
                break;
            case LearnedNoiseOp learned:
                Add("using var z = run.Noise();", "z ~ N(0, I)");
                Add(
                    learned.IsRange ? "LearnedNoise.AddRange(x, " + Name(Register.V) + ", z, " + values[0] + ", " + values[1] + ");" : "LearnedNoise.Add(x, " + Name(Register.V) + ", z);",
                    learned.IsRange ? "x ← x + exp(½ log σ²(v))·z" : "x ← x + √v·z");
                break;
            case ShiftOp shift:
                Add("(" + Registers(1, shift.Depth, 0) + ") = (" + Registers(1, shift.Depth, shift.Depth - 1) + ");", shift.ToString());
                break;
            case DrawOp draw:
                Draw(draw);
                break;
        }
    }

    /// <summary>h1, h2, h3 rotated by <paramref name="turn"/>.</summary>
    private static string Registers(int first, int depth, int turn) =>
        string.Join(", ", Enumerable.Range(0, depth).Select(i => Register.History(first + ((i + turn) % depth))));

    private void Draw(DrawOp draw)
    {
        if (draw.Target.IsCarried)
        {
            Add("run.Draw(" + draw.Target + ");", draw.Target + " ~ N(0, I)");
        }
        else
        {
            Add("using var " + draw.Target + " = run.Noise();", draw.Target + " ~ N(0, I)");
            _names[draw.Target] = draw.Target.Name;
        }
    }

    private void Define(Register target, string value, string comment)
    {
        Add("using var " + target + " = " + value + ";", comment);
        _names[target] = target.Name;
    }

    private void Watch(WatchOp watch)
    {
        var sources = watch.Sources.Where(source => source != Register.X).Select(Name).ToArray();
        var isClean = watch.Sources.Any(source => source.Name.StartsWith("x0", System.StringComparison.Ordinal));
        Add("run.Watch" + (isClean || sources.Length > 0 ? "" : "Zero") + "(" + string.Join(", ", new[] { _index }.Concat(isClean ? [] : ["x"]).Concat(sources)) + ");", "x0, if someone looks");
    }

    private void Evaluate(EvaluateOp evaluate, string[] values)
    {
        if (evaluate.Outputs.IsEmpty)
        {
            Add("run.SkipEvaluation(" + values[0] + ");", "the network is not asked");
            return;
        }

        var input = "x, " + values[0] + (evaluate.Scale == 1 ? "" : ", scale: " + values[1]);
        var scaled = evaluate.Scale == 1 ? "x" : "s·x";
        if (evaluate.Variant != NetworkVariant.Own)
        {
            Define(evaluate.Outputs[0], "run.Evaluate" + evaluate.Variant + "(" + input + (evaluate.SplitVariance ? ", split: true" : "") + ")", evaluate.Outputs[0] + " = " + evaluate.Called + "(" + scaled + ", t)");
            return;
        }

        var isPart = evaluate.Outputs.Count > 1 || evaluate.SplitVariance;
        var whole = isPart ? new Register("e").At(evaluate.Stage).Name : evaluate.Outputs[0].Name;
        var (both, unconditional) = (evaluate.Outputs.Count > 1, evaluate.Outputs[0] == Register.U.At(evaluate.Stage));
        foreach (var output in evaluate.Outputs)
        {
            _names[output] = isPart ? whole + (unconditional && output == evaluate.Outputs[0] ? ".U" : !both ? ".M" : ".C") : output.Name;
        }

        if (evaluate.SplitVariance)
        {
            _names[Register.V] = whole + ".V";
        }

        input += evaluate.IsTracked ? ", tracked: true" : "";
        var call = both ? "EvaluateBoth(" + input + (evaluate.SplitVariance ? ", split: true" : "")
            : evaluate.SplitVariance ? "EvaluateSplit(" + input + (unconditional ? ", unconditional: true" : "")
            : unconditional ? "EvaluateUnconditional(" + input
            : "Evaluate(" + input;
        Add(
            "using var " + whole + " = run." + call + ");",
            string.Join(", ", evaluate.Outputs) + (evaluate.SplitVariance ? ", v" : "") + " = network(" + scaled + ", t" + (both ? ", negative | text)" : unconditional ? ", negative)" : ")"));
    }

    private void Steer(SteerOp steer, string[] values)
    {
        var factors = string.Join(", ", values.Skip(4));
        var options = (steer.Through is null ? "" : ", through: " + values[2]) + (steer.Limit is null ? "" : ", limit: " + values[3]);
        Add("run.Steer(" + _index + ", x, " + Name(steer.Output) + ", " + values[0] + ", " + values[1] + ", [" + factors + "]" + options + ");", steer.Moves(k => "g" + steer.Suffix(k) + "·∇L" + steer.Suffix(k)) + " of x0 = p·x + q·" + steer.Output);
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
            var z = new Register("z").At(++_draws);
            Add("using var " + z + " = run.Noise(" + (affine.Span is null ? "" : values[affine.Terms.Count + 1] + ", " + values[affine.Terms.Count + 2]) + ");", affine.Span is null ? z + " ~ N(0, I)" : z + " ~ N(0, I) along the Brownian path");
            sum += ", " + noise + ", " + z;
        }

        var target = affine.Target;
        if (_names.TryGetValue(target, out var name) || target.IsCarried)
        {
            Add("Combine.Into(" + (name ?? target.Name) + ", " + sum + ");", target + " ← " + Formula(affine, values));
        }
        else
        {
            Add("using var " + target + " = Combine.New(" + sum + ");", target + " = " + Formula(affine, values));
            _names[target] = target.Name;
        }
    }

    private string Sum(EquatableArray<Term> terms, string[] values) => string.Join(", ", terms.Select((term, i) => values[i] + ", " + Name(term.Source)));

    private string Name(Register register) => _names.TryGetValue(register, out var name) ? name : register.Name;

    /// <summary>Letters for numbers that vary or are long, short numbers as they are, and nothing for 1.</summary>
    private static string Formula(AffineOp affine, string[] values)
    {
        var names = CoefficientNames.Of(affine).ToArray();
        var terms = affine.Terms.Select((term, i) => values[i] == "1" ? term.Source.Name : Factor(names[i], values[i]) + "·" + term.Source);
        return string.Join(" + ", terms) + (affine.DrawsNoise && values[affine.Terms.Count] != "0" ? " + c·z" : "");
    }

    private static string Factor(string name, string value) => value[value.Length - 1] == ']' || value.Length > 5 ? name.ToLowerInvariant() : value.TrimEnd('f');

    private void Add(string statement, string? comment = null) => _lines.Add(comment is null ? statement : statement.PadRight(CommentColumn) + " // " + comment);
}
