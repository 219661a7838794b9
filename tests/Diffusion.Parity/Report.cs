using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Diffusion.Parity;

/// <summary>One line a case and a closing line.</summary>
internal static class Report
{
    /// <summary>Writes each result as it comes; true when there was a case and none failed.</summary>
    public static bool Write(TextWriter writer, IEnumerable<CaseResult> results)
    {
        var seen = new Dictionary<Outcome, int>();
        foreach (var result in results)
        {
            writer.WriteLine(Line(result));
            seen[result.Outcome] = seen.GetValueOrDefault(result.Outcome) + 1;
        }

        writer.WriteLine($"{seen.GetValueOrDefault(Outcome.Passed)} passed, {seen.GetValueOrDefault(Outcome.Failed)} failed, {seen.GetValueOrDefault(Outcome.Skipped)} skipped");
        return seen.Values.Sum() > 0 && !seen.ContainsKey(Outcome.Failed);
    }

    /// <summary><c>ok</c>, <c>FAIL</c> or <c>skip (why)</c>; name; error and tolerance where something was compared; why it failed.</summary>
    public static string Line(CaseResult result) => result.Outcome switch
    {
        Outcome.Skipped => $"skip ({result.Note}) {result.Name}",
        Outcome.Passed => $"ok   {result.Name}{Numbers(result)}",
        _ => $"FAIL {result.Name}{Numbers(result)}: {result.Note}",
    };

    private static string Numbers(CaseResult result) => double.IsNaN(result.MaxError)
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"  max error {result.MaxError:0.0e-00}, tolerance {result.Tolerance:0.0e-00}");
}
