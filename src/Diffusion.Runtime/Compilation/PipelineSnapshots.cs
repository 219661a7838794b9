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
    public static string Explain(this Pipeline pipeline) => PipelineExplanation.Of(pipeline, FactsOf(pipeline), ModelConfigs.Read(pipeline, new DiskModelFiles(pipeline.PredictionType)));

    /// <summary>What the pipeline needs of memory, from the config files of its models: parameters exactly, activations by a walk through each network.</summary>
    /// <param name="pipeline">The definition; models whose files are not there are left out.</param>
    /// <param name="batch">How many pictures are sampled at once.</param>
    /// <param name="precision">The number format of weights and activations.</param>
    /// <exception cref="DiffusionException">DIF0105: a batch below 1.</exception>
    public static MemoryEstimate EstimateMemory(this Pipeline pipeline, int batch = 1, Precision precision = Precision.Float32) =>
        MemoryEstimate.Of(pipeline, ModelConfigs.Read(pipeline, new DiskModelFiles(pipeline.PredictionType)), batch, precision);

    private static ModelFacts FactsOf(Pipeline pipeline) => ModelFacts.Read(pipeline, new DiskModelFiles(pipeline.PredictionType));
}
