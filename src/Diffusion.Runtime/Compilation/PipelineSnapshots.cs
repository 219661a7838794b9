using Diffusion.Dsl.Emission;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Weights;

// In the namespace of the definitions, so that `using Diffusion.Dsl` is enough.
namespace Diffusion.Dsl;

/// <summary>Texts of pipelines whose models lie on this machine's disk.</summary>
public static class PipelineSnapshots
{
    /// <summary>The definition, its findings, the step table, the fused operations and the generated code as stable text.</summary>
    /// <param name="pipeline">The definition.</param>
    public static string ToSnapshot(this Pipeline pipeline) => PipelineSnapshot.Of(pipeline, FactsOf(pipeline));

    /// <summary>
    /// The pipeline as a person reads it: the sampler, its options, the noise and the prediction with who said each (the definition, the checkpoint or
    /// diffusers' defaults), then a line for every step: t, σ before and after, λ, and the numbers of its operations. Reads no weights.
    /// </summary>
    /// <param name="pipeline">The definition; a wrong one gives its findings.</param>
    public static string Explain(this Pipeline pipeline) => PipelineExplanation.Of(pipeline, FactsOf(pipeline));

    private static ModelFacts FactsOf(Pipeline pipeline) => ModelFacts.Read(pipeline, new DiskModelFiles(pipeline.PredictionType));
}
