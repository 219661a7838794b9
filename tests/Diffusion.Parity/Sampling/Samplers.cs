using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Parity.Sampling;

/// <summary>The ways in which the library runs a spec.</summary>
internal static class Samplers
{
    // No cache: a run leaves nothing behind, and meets nothing that an older build left.
    public static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    /// <summary>The code that users get.</summary>
    public static Sampler Compiled(PipelineSpec spec) => RuntimeCompiler.Compile(spec, Options);

    /// <summary>All ways, by name.</summary>
    public static IEnumerable<(string Name, Sampler Sampler)> All(PipelineSpec spec) =>
        [("compiled", Compiled(spec)), ("interpreted", new PlanInterpreter(Planner.Plan(spec)))];
}
