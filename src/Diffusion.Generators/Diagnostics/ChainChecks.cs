using System.Linq;
using Diffusion.Dsl;
using Diffusion.Generators.Reading;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators.Diagnostics;

/// <summary>The check that needs the text of a chain, for its value no longer shows it.</summary>
internal static class ChainChecks
{
    private static readonly string[] Once =
    [
        nameof(Pipeline.Text), nameof(Pipeline.Unet), nameof(Pipeline.Scheduler), nameof(Pipeline.Negative), nameof(Pipeline.Size), nameof(Pipeline.StartAt), nameof(Pipeline.Noise), nameof(Pipeline.Prediction),
        nameof(Pipeline.AttentionSlicing), nameof(Pipeline.VaeSlicing), nameof(Pipeline.VaeTiling),
    ];

    /// <summary>Whether a stage stands a second time in one chain.</summary>
    public static bool IsRepeated(IInvocationOperation stage)
    {
        if (!IsStage(stage) || !Once.Contains(stage.TargetMethod.Name))
        {
            return false;
        }

        for (var before = stage.Instance as IInvocationOperation; before is not null && IsStage(before); before = before.Instance as IInvocationOperation)
        {
            if (before.TargetMethod.Name == stage.TargetMethod.Name)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsStage(IInvocationOperation call) => call.TargetMethod.ContainingType.Name == nameof(Pipeline) && DslMembers.Own(call.TargetMethod);
}
