using Diffusion.Dsl.Emission;
using Diffusion.Runtime.Weights;

// In the namespace of the definitions, so that `using Diffusion.Dsl` is enough.
namespace Diffusion.Dsl;

/// <summary>Snapshot text of pipelines whose models lie on this machine's disk.</summary>
public static class PipelineSnapshots
{
    /// <summary>The definition, its findings, the step table, the fused operations and the generated code as stable text.</summary>
    /// <param name="pipeline">The definition.</param>
    public static string ToSnapshot(this Pipeline pipeline) => PipelineSnapshot.Of(pipeline, ModelFacts.Read(pipeline, DiskModelFiles.Instance));
}
