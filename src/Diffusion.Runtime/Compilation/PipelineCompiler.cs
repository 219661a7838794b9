using System.Runtime.CompilerServices;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Weights;

namespace Diffusion.Runtime.Compilation;

/// <summary>Compiles resolved pipelines: registered code, else the run-time compiler, else the interpreter.</summary>
public static class PipelineCompiler
{
    /// <summary>Reads the small config files of the pipeline's models, of single files the header, and checks the definition.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <exception cref="DiffusionException">All errors of the definition.</exception>
    public static ResolvedPipeline Resolve(Pipeline pipeline)
    {
        var facts = ModelFacts.Read(pipeline, new DiskModelFiles(pipeline.PredictionType));
        return new ResolvedPipeline(pipeline, facts, Resolution.ValidSpec(pipeline, facts));
    }

    /// <summary>Compiles with the default options.</summary>
    /// <param name="resolved">A resolved pipeline.</param>
    public static CompiledPipeline Compile(ResolvedPipeline resolved) => Compile(resolved, CompileOptions.Default);

    /// <summary>Compiles as the options say.</summary>
    /// <param name="resolved">A resolved pipeline.</param>
    /// <param name="options">How.</param>
    public static CompiledPipeline Compile(ResolvedPipeline resolved, CompileOptions options)
    {
        if (options.Mode == CompileMode.Interpreter)
        {
            return Interpreted(resolved, options);
        }

        if (options.Mode == CompileMode.Automatic && SamplerRegistry.Find(resolved.Spec.Key) is { } registered)
        {
            return new CompiledPipeline(resolved, registered, Origin.Registry, options);
        }

        // Native AOT has no JIT to load new code into; the interpreter gives the same numbers there.
        return RuntimeFeature.IsDynamicCodeCompiled || options.Mode == CompileMode.RunTime
            ? new CompiledPipeline(resolved, RuntimeCompiler.Compile(resolved.Spec, options), Origin.RunTime, options)
            : Interpreted(resolved, options);
    }

    private static CompiledPipeline Interpreted(ResolvedPipeline resolved, CompileOptions options) =>
        new(resolved, new PlanInterpreter(Planner.Plan(resolved.Spec)), Origin.Interpreter, options);
}
