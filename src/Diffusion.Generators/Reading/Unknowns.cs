using System.Linq;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Reading;

/// <summary>
/// What may stay unknown at build time: which models are used, and the stages that say nothing about the sampler. The code that is emitted checks the
/// key of the actual pipeline, so a model of another kind costs speed, never correctness.
/// </summary>
internal static class Unknowns
{
    private static readonly string[] Models = [nameof(Pretrained), nameof(UnetModel), nameof(VaeModel), nameof(TextModel)];

    private static readonly string[] Stages =
    [
        nameof(Pipeline.Negative), nameof(Pipeline.Size), nameof(Pipeline.WithNegativePrompt), nameof(Pipeline.WithHeight), nameof(Pipeline.WithWidth),
        nameof(Pipeline.AttentionSlicing), nameof(Pipeline.VaeTiling), nameof(Pipeline.WithAttentionSlices), nameof(Pipeline.WithVaeMemory),
    ];

    /// <summary>Whether a stage changes nothing that the compiler reads.</summary>
    public static bool IsOutsideOfTheSpec(IMethodSymbol stage) => stage.ContainingType.Name == nameof(Pipeline) && Stages.Contains(stage.Name);

    /// <summary>A model without a name, for one that is not known; null where a value is needed.</summary>
    /// <param name="needed">The type that is needed.</param>
    /// <param name="given">The type of the expression that is not known.</param>
    /// <param name="owner">The type that needs it.</param>
    public static object? StandIn(ITypeSymbol? needed, ITypeSymbol? given, ITypeSymbol? owner)
    {
        if (needed?.SpecialType == SpecialType.System_String)
        {
            return DslMembers.Own(owner) && Models.Contains(owner!.Name) ? "" : null;
        }

        // What may be null may also be no model at all, which is another pipeline.
        return !DslMembers.Own(needed) || given?.NullableAnnotation == NullableAnnotation.Annotated ? null : needed!.Name switch
        {
            nameof(Pretrained) => new Pretrained(""),
            nameof(UnetModel) => new UnetModel(""),
            nameof(VaeModel) => new VaeModel(""),
            nameof(TextModel) => new TextModel(""),
            _ => null,
        };
    }
}
