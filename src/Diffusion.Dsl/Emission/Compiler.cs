using Diffusion.Dsl.Planning;

namespace Diffusion.Dsl.Emission;

/// <summary>The compiler that both hosts call: spec → plan → fused plan → C#.</summary>
public static class Compiler
{
    /// <summary>The sampler's source. A pure function.</summary>
    /// <param name="spec">A spec without errors.</param>
    public static EmittedSampler Compile(PipelineSpec spec) => SamplerEmitter.Emit(Fusion.Fuse(Planner.Plan(spec)));
}
