using System.Globalization;
using System.Linq;
using System.Text;

namespace Diffusion.Dsl.Planning;

/// <summary>The memory of a pipeline as a person reads it: its parts with their weights, its stages with their activations, and the peaks.</summary>
internal static class MemoryText
{
    /// <summary>A section that starts with an empty line; nothing where no model is known.</summary>
    public static string Of(Pipeline pipeline, ModelConfigs configs)
    {
        var text = new StringBuilder();
        foreach (var finding in configs.Findings)
        {
            text.Append("\nmemory is unknown: ").Append(finding).Append('\n');
        }

        var estimate = MemoryEstimate.Of(pipeline, configs);
        if (estimate.Components.IsEmpty)
        {
            return text.ToString();
        }

        text.Append("\ncomponent     class                        parameters       float32\n");
        foreach (var component in estimate.Components)
        {
            text.Append(Line(component.Name, component.ClassName, component.Parameters.ToString("N0", CultureInfo.InvariantCulture), component.Bytes));
        }

        if (pipeline.TextModel is not null)
        {
            text.Append("tokenizer     CLIPTokenizer\n");
        }

        text.Append("scheduler     ").Append((pipeline.Sampler?.DiffusersClass ?? "as the checkpoint says")).Append('\n');
        text.Append("\nstage         activations at most, one picture in float32\n");
        foreach (var stage in estimate.Stages)
        {
            text.Append(Line(stage.Name, stage.Component, "", stage.Activations));
        }

        text.Append(Line("peak", "all weights and the largest stage", "", estimate.Peak));
        if (estimate.Stages.Count > 1)
        {
            text.Append(Line("", "with offload", "", estimate.OffloadedPeak));
        }

        return text.ToString();
    }

    private static string Line(string name, string what, string count, long bytes) =>
        (name.PadRight(14) + what.PadRight(count.Length == 0 ? 39 : 25) + (count.Length == 0 ? "" : count.PadLeft(14))).PadRight(53) + Mebibytes(bytes) + "\n";

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString(bytes < 100 << 20 ? "0.0" : "0", CultureInfo.InvariantCulture).PadLeft(8) + " MiB";
}
