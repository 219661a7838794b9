using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Emission;

/// <summary>
/// Names the numbers of a run: those that vary become tables, the others literals; cast to float32 here and nowhere before.
/// </summary>
internal sealed class CoefficientTables
{
    private const int LineWidth = 190;

    private readonly HashSet<string> _used = [];
    private readonly List<(string Name, int First, double[] Values, string Expression)> _known = [];
    private readonly List<string> _declarations = [];

    /// <summary>The table declarations of all runs so far.</summary>
    public IReadOnlyList<string> Declarations => _declarations;

    /// <summary>For every operation of the run, the expression of each of its numbers; another network is asked with those of the pipeline's own before it.</summary>
    public string[][] Expressions(Segment segment)
    {
        var (first, own) = (segment.Steps[0], System.Array.Empty<string>());
        return first.Ops.Select((op, at) =>
        {
            if (op is EvaluateOp { Variant: not NetworkVariant.Own })
            {
                return own;
            }

            var names = CoefficientNames.Of(op);
            var expressions = names.Select((name, column) => Expression(segment, name, segment.Steps
                .Select(step => Coefficients.Of(step.Ops[at]).ElementAt(column)).ToArray())).ToArray();
            own = op is EvaluateOp ? expressions : own;
            return expressions;
        }).ToArray();
    }

    private string Expression(Segment segment, string name, double[] values)
    {
        if (values.All(value => value.Equals(values[0])))
        {
            return Literal(values[0]);
        }

        // What two operations of a step read alike stands in one table.
        if (_known.Find(known => known.Name == name && known.First == segment.First && known.Values.SequenceEqual(values)).Expression is { } told)
        {
            return told;
        }

        var unique = name;
        for (var count = 2; !_used.Add(unique); count++)
        {
            unique = name + Text.Of(count);
        }

        Declare(unique, values);
        var expression = unique + (segment.First == 0 ? "[i]" : "[i - " + Text.Of(segment.First) + "]");
        _known.Add((name, segment.First, values, expression));
        return expression;
    }

    /// <summary>A number of few digits as it is, any other as the float32 that the kernels compute with.</summary>
    public static string Literal(double value)
    {
        var (exact, single) = (Text.Of(value), Text.Of((float)value) + "f");
        return single.Length < exact.Length ? single : exact;
    }

    private void Declare(string name, double[] values)
    {
        var integers = values.All(value => value == (int)value);
        var line = "static readonly " + (integers ? "int" : "float") + "[] " + name + " = [";
        for (var i = 0; i < values.Length; i++)
        {
            var item = (integers ? Text.Of(values[i]) : Text.Of((float)values[i]) + "f") + (i + 1 < values.Length ? ", " : "];");
            if (line.Length + item.TrimEnd().Length > LineWidth - 4)
            {
                _declarations.Add(line.TrimEnd());
                line = "    ";
            }

            line += item;
        }

        _declarations.Add(line);
    }
}
