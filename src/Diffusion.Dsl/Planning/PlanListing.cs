using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Writes a plan as text: the operations of each run with letters for the numbers that vary, then a table of those numbers.</summary>
internal static class PlanListing
{
    /// <param name="plan">The plan.</param>
    /// <param name="beside">Further columns of the tables, behind t; with some, every step has a line in a table.</param>
    public static string Of(PipelinePlan plan, params (string Name, Func<Step, string> Of)[] beside)
    {
        var text = new StringBuilder()
            .Append("plan ").Append(plan.Spec.Key).Append(plan.IsFused ? " (fused)" : "").Append('\n')
            .Append("x ~ ").Append(Text.Of(plan.InitialNoiseSigma)).Append("·N(0, I); ")
            .Append(Text.Of(plan.Steps.Count)).Append(" steps, ").Append(Text.Of(plan.NetworkRows)).Append(" network rows a picture\n");
        foreach (var segment in Segment.Of(plan))
        {
            Append(text, segment, beside);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Segment segment, (string Name, Func<Step, string> Of)[] beside)
    {
        var rows = segment.Steps.Select(step => step.Ops.SelectMany(Coefficients.Of).ToArray()).ToArray();
        // Column 0 is the timestep the network is told: it heads the table as t.
        var repeated = Repeated(segment.Steps[0]);
        var varying = Enumerable.Range(1, rows[0].Length - 1).Where(column => !repeated.ContainsKey(column) && rows.Any(row => !row[column].Equals(rows[0][column]))).ToArray();
        var names = varying.Select((_, i) => Letter(i)).ToArray();
        text.Append('\n').Append(segment.Label).Append(segment.Steps.Count > 1 ? ", " + Text.Of(segment.Steps.Count) + " steps" : "").Append('\n');
        var next = 0;
        foreach (var op in segment.Steps[0].Ops)
        {
            var count = Coefficients.Of(op).Count();
            var letters = Enumerable.Range(next, count).Select(column => repeated.TryGetValue(column, out var same) ? same : column)
                .Select(column => column == 0 && segment.Steps.Count > 1 ? "t" : Array.IndexOf(varying, column) is var i && i < 0 ? null : names[i]).ToArray();
            next += count;
            if (op is not WatchOp)
            {
                text.Append("    ").Append(OpText.Of(op, letters)).Append('\n');
            }
        }

        if (segment.Steps.Count == 1 && beside.Length == 0)
        {
            return;
        }

        AppendTable(text, ["step", "t", .. beside.Select(column => column.Name), .. names], segment.Steps.Select((step, i) => new[] { Text.Of(segment.First + i), Text.Of((float)rows[i][0]) }
            .Concat(beside.Select(column => column.Of(step)))
            .Concat(varying.Select(column => rows[i][column].ToString("G9", CultureInfo.InvariantCulture))).ToArray()).ToArray());
    }

    /// <summary>The columns of networks that are asked beside the pipeline's own, and for each the same number of that one.</summary>
    private static Dictionary<int, int> Repeated(Step step)
    {
        var (columns, next, own) = (new Dictionary<int, int>(), 0, 0);
        foreach (var op in step.Ops)
        {
            var count = Coefficients.Of(op).Count();
            if (op is EvaluateOp { Variant: NetworkVariant.Own })
            {
                own = next;
            }
            else if (op is EvaluateOp)
            {
                for (var i = 0; i < count; i++)
                {
                    columns[next + i] = own + i;
                }
            }

            next += count;
        }

        return columns;
    }

    /// <summary>a … z without t and x, which mean something; then a1, b1 …</summary>
    private static string Letter(int index)
    {
        const string Letters = "abcdefghijklnopqrsw";
        return Letters[index % Letters.Length] + (index < Letters.Length ? "" : Text.Of(index / Letters.Length));
    }

    private static void AppendTable(StringBuilder text, string[] head, string[][] rows)
    {
        var widths = head.Select((name, column) => rows.Select(row => row[column].Length).Append(name.Length).Max()).ToArray();
        foreach (var row in new[] { head }.Concat(rows))
        {
            text.Append("   ");
            foreach (var cell in row.Select((value, column) => value.PadLeft(widths[column])))
            {
                text.Append(' ').Append(cell);
            }

            text.Append('\n');
        }
    }
}
