using System.Linq;
using System.Text;
using Diffusion.Dsl.Planning;

namespace Diffusion.Dsl.Emission;

/// <summary>Everything a pipeline means, as stable text for snapshot tests: one changed default shows as a readable difference.</summary>
public static class PipelineSnapshot
{
    /// <summary>The definition, its findings, the step table, the fused operations and the generated code.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="facts">What the models' files say.</param>
    public static string Of(Pipeline pipeline, ModelFacts facts)
    {
        var text = new StringBuilder();
        Section(text, "definition", pipeline + "\n");
        var findings = Validation.Check(pipeline, facts);
        if (!findings.IsEmpty)
        {
            Section(text, "findings", string.Join("\n", findings) + "\n");
        }

        if (findings.All(finding => finding.Rule.Severity != RuleSeverity.Error))
        {
            var plan = Planner.Plan(Resolution.Spec(pipeline, facts));
            Section(text, "steps", plan.ToString());
            Section(text, "fused", Fusion.Fuse(plan).ToString());
            Section(text, "code", Compiler.Compile(plan.Spec).Text);
        }

        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, string content) =>
        text.Append(text.Length == 0 ? "" : "\n").Append("== ").Append(title).Append(" ==\n").Append(content);
}
