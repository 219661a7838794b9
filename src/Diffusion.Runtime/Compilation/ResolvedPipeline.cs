using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>A valid definition with what its models' files say.</summary>
/// <param name="Definition">The definition.</param>
/// <param name="Facts">What the files say.</param>
/// <param name="Spec">Both put together: what is compiled.</param>
public sealed record ResolvedPipeline(Pipeline Definition, ModelFacts Facts, PipelineSpec Spec)
{
    /// <summary>The pipeline with the sampler that was generated for its key at build time.</summary>
    /// <param name="sampler">The generated sampler.</param>
    public CompiledPipeline Compiled(Sampler sampler) => new(this, sampler, Origin.BuildTime, CompileOptions.Default);
}
