using Diffusion.Runtime.Compilation;

// In the namespace of the definitions, so that `using Diffusion.Dsl` is enough to write pipeline.Compile().
namespace Diffusion.Dsl;

/// <summary>Compiles pipelines.</summary>
public static class PipelineCompilation
{
    /// <summary>
    /// Compiles the pipeline to a sampler made for it. Where the chain can be read at build time the source generator puts its code in place of this
    /// call; otherwise the same compiler runs here. Reads the models' small config files, no weights.
    /// </summary>
    /// <param name="pipeline">The definition.</param>
    /// <exception cref="DiffusionException">All errors of the definition.</exception>
    public static CompiledPipeline Compile(this Pipeline pipeline) => PipelineCompiler.Compile(PipelineCompiler.Resolve(pipeline));

    /// <summary>Compiles the pipeline at run time, as the options say.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="options">How.</param>
    /// <exception cref="DiffusionException">All errors of the definition.</exception>
    public static CompiledPipeline Compile(this Pipeline pipeline, CompileOptions options) => PipelineCompiler.Compile(PipelineCompiler.Resolve(pipeline), options);
}
